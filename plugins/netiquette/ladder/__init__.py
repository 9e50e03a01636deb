"""The ladder: a hint while writing, a private word after posting, a mediator, at last the managers' queue."""
