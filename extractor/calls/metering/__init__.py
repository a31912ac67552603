"""What a request takes before it is sent, in tokens, and what tokens cost."""
