"""Field visits: what an officer saw at a business, recorded on a phone and often sent later."""
