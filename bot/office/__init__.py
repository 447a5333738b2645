"""The staff office: what the assistant says is changed, checked, published and taken back here."""
