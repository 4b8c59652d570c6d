"""What tests and the local run share: servers from packages, a pytest plugin, fakes of kit ports."""
