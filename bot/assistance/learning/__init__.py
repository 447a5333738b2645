"""Practice for volunteers before they sit beside somebody: made-up residents, short questions, best results."""
