"""The register of businesses: owners, import, verification, onboarding."""
