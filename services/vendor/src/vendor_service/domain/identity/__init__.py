"""Identity of a business beyond its numbers: certificates, KBLI, members of a koperasi."""
