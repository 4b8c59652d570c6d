"""python -m order_service."""

from order_service.cli import main

raise SystemExit(main())
