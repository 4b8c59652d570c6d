"""python -m reporting_service."""

from reporting_service.cli import main

raise SystemExit(main())
