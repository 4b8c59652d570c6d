"""python -m vendor_service."""

from vendor_service.cli import main

raise SystemExit(main())
