"""What an officer has to look at, until when, and what follows if nobody does."""
