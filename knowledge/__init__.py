"""What the assistant knows: procedures, Vietnamese as people type it, and which procedure a question means."""
