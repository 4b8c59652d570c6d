"""Two records of one business become one, and can become two again."""
