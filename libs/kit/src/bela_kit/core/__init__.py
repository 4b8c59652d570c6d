"""The pure vocabulary of the kit: standard library only, the one part that domain and use cases may import."""
