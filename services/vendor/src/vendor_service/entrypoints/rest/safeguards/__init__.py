"""What keeps a business from orders: sanctions, lists it is screened against, conflicts, groups, visits."""
