"""What must not pass between two people who do not know each other: found however it is spelt, and explained."""
