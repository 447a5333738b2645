"""How people reach the assistant: conversation, channels, storage, delivery."""
