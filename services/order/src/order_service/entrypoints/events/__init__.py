"""Events of other services that this one hears."""
