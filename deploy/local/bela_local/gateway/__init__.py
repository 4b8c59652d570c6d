"""The local gateway: Envoy, configured from the route table that the charts use too."""
