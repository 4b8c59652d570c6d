"""The catalog: products, prices, capacity and search."""
