"""The statements that create the plumbing tables, frozen as they were when the first service migrated.

A later change of a plumbing table is a new constant here, run by a new migration of each service; what stands here is
never edited, or databases made at different times would differ.
"""

CREATE_PLUMBING = (
    """
    CREATE TABLE outbox_messages (
        position BIGINT GENERATED ALWAYS AS IDENTITY,
        event_id UUID NOT NULL,
        tenant_id TEXT NOT NULL,
        aggregate_type TEXT NOT NULL,
        aggregate_id TEXT NOT NULL,
        aggregate_version BIGINT NOT NULL,
        subject TEXT NOT NULL,
        headers JSONB NOT NULL,
        payload BYTEA NOT NULL,
        created_at TIMESTAMPTZ NOT NULL DEFAULT clock_timestamp(),
        published_at TIMESTAMPTZ,
        attempts INTEGER NOT NULL DEFAULT 0,
        next_attempt_at TIMESTAMPTZ,
        parked_at TIMESTAMPTZ,
        last_error TEXT,
        CONSTRAINT pk_outbox_messages PRIMARY KEY (position)
    )
    """,
    """
    CREATE INDEX ix_outbox_messages_unpublished ON outbox_messages (position)
        WHERE published_at IS NULL AND parked_at IS NULL
    """,
    """
    CREATE INDEX ix_outbox_messages_held ON outbox_messages (next_attempt_at)
        WHERE published_at IS NULL AND parked_at IS NULL AND next_attempt_at IS NOT NULL
    """,
    "CREATE INDEX ix_outbox_messages_parked ON outbox_messages (position) WHERE parked_at IS NOT NULL",
    "CREATE INDEX ix_outbox_messages_published_at ON outbox_messages (published_at)",
    """
    CREATE TABLE inbox_claims (
        consumer TEXT NOT NULL,
        event_id UUID NOT NULL,
        tenant_id TEXT NOT NULL DEFAULT COALESCE(current_setting('app.tenant'::text, true), ''::text),
        claimed_at TIMESTAMPTZ NOT NULL DEFAULT now(),
        CONSTRAINT pk_inbox_claims PRIMARY KEY (consumer, event_id)
    )
    """,
    "CREATE INDEX ix_inbox_claims_claimed_at ON inbox_claims (claimed_at)",
    """
    CREATE TABLE idempotency_keys (
        tenant_id TEXT NOT NULL,
        principal TEXT NOT NULL,
        operation TEXT NOT NULL,
        key TEXT NOT NULL,
        fingerprint TEXT NOT NULL,
        status INTEGER,
        body BYTEA,
        etag TEXT,
        created_at TIMESTAMPTZ NOT NULL DEFAULT now(),
        CONSTRAINT pk_idempotency_keys PRIMARY KEY (tenant_id, principal, operation, key)
    )
    """,
    "CREATE INDEX ix_idempotency_keys_created_at ON idempotency_keys (created_at)",
    """
    CREATE TABLE jobs (
        job_id UUID NOT NULL,
        tenant_id TEXT NOT NULL,
        kind TEXT NOT NULL,
        subject_id TEXT NOT NULL,
        run_at TIMESTAMPTZ NOT NULL,
        payload JSONB NOT NULL DEFAULT '{}'::jsonb,
        dedupe_key TEXT,
        attempts INTEGER NOT NULL DEFAULT 0,
        available_at TIMESTAMPTZ NOT NULL DEFAULT now(),
        lease_token UUID,
        finished_at TIMESTAMPTZ,
        last_error TEXT,
        created_at TIMESTAMPTZ NOT NULL DEFAULT now(),
        CONSTRAINT pk_jobs PRIMARY KEY (job_id)
    )
    """,
    "CREATE INDEX ix_jobs_due ON jobs (tenant_id, run_at) WHERE finished_at IS NULL",
    "CREATE INDEX ix_jobs_tenant_id_kind_subject_id ON jobs (tenant_id, kind, subject_id)",
    """
    CREATE UNIQUE INDEX uq_jobs_tenant_id_kind_dedupe_key ON jobs (tenant_id, kind, dedupe_key)
        WHERE finished_at IS NULL
    """,
    "CREATE INDEX ix_jobs_finished_at ON jobs (finished_at)",
    """
    CREATE TABLE dead_letters (
        dead_letter_id BIGINT GENERATED ALWAYS AS IDENTITY,
        tenant_id TEXT NOT NULL DEFAULT ''::text,
        consumer TEXT NOT NULL,
        stream TEXT NOT NULL,
        stream_sequence BIGINT NOT NULL,
        event_id UUID,
        subject TEXT NOT NULL,
        headers JSONB NOT NULL,
        payload BYTEA NOT NULL,
        reason TEXT NOT NULL,
        error TEXT NOT NULL DEFAULT ''::text,
        created_at TIMESTAMPTZ NOT NULL DEFAULT now(),
        replayed_at TIMESTAMPTZ,
        CONSTRAINT pk_dead_letters PRIMARY KEY (dead_letter_id),
        CONSTRAINT uq_dead_letters_consumer_stream_stream_sequence UNIQUE (consumer, stream, stream_sequence)
    )
    """,
    """
    CREATE TABLE tenants (
        tenant_id TEXT NOT NULL,
        name TEXT NOT NULL,
        kind TEXT NOT NULL,
        zone TEXT NOT NULL,
        work_week_days INTEGER NOT NULL,
        demo BOOLEAN NOT NULL,
        clock_offset_seconds BIGINT NOT NULL,
        version BIGINT NOT NULL,
        CONSTRAINT pk_tenants PRIMARY KEY (tenant_id)
    )
    """,
    """
    CREATE TABLE grants (
        tenant_id TEXT NOT NULL,
        grant_id TEXT NOT NULL,
        principal TEXT NOT NULL,
        role TEXT NOT NULL,
        scope_id TEXT NOT NULL DEFAULT ''::text,
        valid_from DATE NOT NULL,
        valid_to DATE,
        letter_number TEXT NOT NULL DEFAULT ''::text,
        acting_for TEXT,
        revoked BOOLEAN NOT NULL DEFAULT false,
        version BIGINT NOT NULL,
        CONSTRAINT pk_grants PRIMARY KEY (tenant_id, grant_id)
    )
    """,
    "CREATE INDEX ix_grants_tenant_id_principal ON grants (tenant_id, principal)",
)

# What each role may do with each plumbing table: (table, application, worker). Policies narrow it further.
PRIVILEGES = (
    ("outbox_messages", "INSERT", "SELECT, INSERT, UPDATE, DELETE"),
    ("inbox_claims", "SELECT, INSERT", "SELECT, INSERT, DELETE"),
    ("idempotency_keys", "SELECT, INSERT, UPDATE", "SELECT, DELETE"),
    ("jobs", "SELECT, INSERT, UPDATE, DELETE", "SELECT, INSERT, UPDATE, DELETE"),
    ("dead_letters", "", "SELECT, INSERT, UPDATE, DELETE"),
    ("tenants", "SELECT, INSERT, UPDATE", "SELECT, INSERT, UPDATE"),
    ("grants", "SELECT, INSERT, UPDATE", "SELECT, INSERT, UPDATE"),
)
