"""What a member sees and says of himself: his subjects, his card, who else knows what, and being introduced."""
