"""SQL of the reports. Each begins with the region, reads roll-ups rather than orders, and is one round trip."""

# Statements are put together from constants of this module alone.
# ruff: noqa: S608

import sqlalchemy as sa

AS_OF = sa.text("SELECT max(as_of) FROM watermarks WHERE tenant_id = :tenant")

# A budget holder is named by the unit's own event, or, before that arrived, by its latest order.
_UNIT_NAME = """
    COALESCE(
        (SELECT display_name FROM units u WHERE u.tenant_id = :tenant AND u.unit_id = {unit}),
        (SELECT budget_holder_name FROM orders o
         WHERE o.tenant_id = :tenant AND o.budget_holder_id = {unit} AND o.is_public LIMIT 1),
        ''
    )
"""

UNIT_NAME = sa.text(f"SELECT {_UNIT_NAME.format(unit=':unit')}")

SELLERS = sa.text(
    """
    WITH active AS (
        SELECT vendor_id, FALSE AS guest
        FROM vendors
        JOIN assortments USING (tenant_id, vendor_id)
        WHERE tenant_id = :tenant AND standing = 'ok' AND verified_on IS NOT NULL
          AND category_code = :category AND on_sale > 0
        UNION
        SELECT vendor_id, TRUE
        FROM guest_vendors
        WHERE tenant_id = :tenant AND NOT revoked AND standing = 'ok'
          AND verified_on IS NOT NULL AND published_on IS NOT NULL
          AND COALESCE(valid_from <= :today, TRUE) AND COALESCE(valid_to >= :today, TRUE)
    ), spent AS (
        SELECT vendor_id, value_idr, orders
        FROM vendor_spend
        WHERE tenant_id = :tenant AND fiscal_year = :year AND budget_holder_id = :unit
          AND category_code = :category AND value_idr > 0
    ), both_kinds AS (
        SELECT vendor_id, active.vendor_id IS NOT NULL AS active, active.guest, COALESCE(value_idr, 0) AS value_idr,
               COALESCE(orders, 0) AS orders
        FROM active FULL JOIN spent USING (vendor_id)
    )
    SELECT b.vendor_id,
           COALESCE(v.owner_group_id, g.owner_group_id, k.owner_group_id, b.vendor_id) AS owner_group_id,
           COALESCE(v.display_name, k.display_name, '') AS display_name,
           COALESCE(v.entity_kind, k.entity_kind, '') AS entity_kind,
           COALESCE(v.business_class, k.business_class, '') AS business_class,
           COALESCE(v.district_code, g.district_code, k.district_code, '') AS district_code,
           COALESCE(g.home_region, k.home_region, :tenant) AS home_region,
           b.active,
           COALESCE(b.guest, k.home_region <> :tenant, FALSE) AS guest,
           b.value_idr,
           b.orders,
           EXISTS (
               SELECT 1 FROM vendor_spend e
               WHERE e.tenant_id = :tenant AND e.fiscal_year < :year AND e.budget_holder_id = ''
                 AND e.category_code = '' AND e.vendor_id = b.vendor_id AND e.value_idr > 0
           ) AS sold_before
    FROM both_kinds b
    LEFT JOIN vendors v ON v.tenant_id = :tenant AND v.vendor_id = b.vendor_id
    LEFT JOIN sellers k ON k.tenant_id = :tenant AND k.vendor_id = b.vendor_id
    LEFT JOIN LATERAL (
        SELECT owner_group_id, home_region, district_code FROM guest_vendors
        WHERE tenant_id = :tenant AND vendor_id = b.vendor_id AND b.guest ORDER BY version DESC LIMIT 1
    ) g ON TRUE
    WHERE :district = '' OR COALESCE(v.district_code, g.district_code, k.district_code, '') = :district
    """
)

# The total travels with its parts, so that both are of one instant.
_TOTAL = """
    SELECT '' AS key, '' AS name, CAST(sum(value_idr) AS bigint), CAST(sum(orders) AS bigint), count(*)
    FROM vendor_spend
    WHERE tenant_id = :tenant AND fiscal_year = :year AND budget_holder_id = :unit AND category_code = :category
      AND value_idr > 0
    HAVING count(*) > 0
"""

SPEND_BY_UNIT = sa.text(
    f"""
    SELECT budget_holder_id AS key, {_UNIT_NAME.format(unit="s.budget_holder_id")} AS name, value_idr, orders, vendors
    FROM (
        SELECT budget_holder_id, CAST(sum(value_idr) AS bigint) AS value_idr, CAST(sum(orders) AS bigint) AS orders,
               count(*) AS vendors
        FROM vendor_spend
        WHERE tenant_id = :tenant AND fiscal_year = :year AND budget_holder_id <> ''
          AND (:unit = '' OR budget_holder_id = :unit) AND category_code = :category AND value_idr > 0
        GROUP BY budget_holder_id
    ) s
    UNION ALL {_TOTAL}
    ORDER BY 3 DESC, 1
    """
)

SPEND_BY_CATEGORY = sa.text(
    f"""
    SELECT category_code AS key, category_code AS name, CAST(sum(value_idr) AS bigint) AS value_idr,
           CAST(sum(orders) AS bigint) AS orders, count(*) AS vendors
    FROM vendor_spend
    WHERE tenant_id = :tenant AND fiscal_year = :year AND budget_holder_id = :unit AND category_code <> ''
      AND (:category = '' OR category_code = :category) AND value_idr > 0
    GROUP BY category_code
    UNION ALL {_TOTAL}
    ORDER BY 3 DESC, 1
    """
)

SPEND_BY_MONTH = sa.text(
    f"""
    SELECT to_char(month, 'YYYY-MM') AS key, to_char(month, 'YYYY-MM') AS name, value_idr, orders,
           CAST(NULL AS bigint) AS vendors
    FROM monthly_spend
    WHERE tenant_id = :tenant AND fiscal_year = :year AND budget_holder_id = :unit AND category_code = :category
      AND value_idr > 0
    UNION ALL {_TOTAL}
    ORDER BY 1
    """
)

PAYMENT_CLOCK = sa.text(
    f"""
    SELECT COALESCE(c.budget_holder_id, '') AS unit_id,
           CASE WHEN c.budget_holder_id IS NULL THEN '' ELSE {_UNIT_NAME.format(unit="c.budget_holder_id")} END AS name,
           handovers, paid, median_days, p90_days, unpaid, oldest_unpaid_on, orders
    FROM (
        SELECT budget_holder_id,
               count(*) AS handovers,
               count(paid_on) AS paid,
               percentile_cont(0.5) WITHIN GROUP (ORDER BY paid_on - handed_over_on) AS median_days,
               percentile_disc(0.9) WITHIN GROUP (ORDER BY paid_on - handed_over_on) AS p90_days,
               count(*) FILTER (WHERE paid_on IS NULL) AS unpaid,
               min(handed_over_on) FILTER (WHERE paid_on IS NULL) AS oldest_unpaid_on,
               count(DISTINCT order_id) AS orders
        FROM handovers
        WHERE tenant_id = :tenant AND fiscal_year = :year AND (:unit = '' OR budget_holder_id = :unit)
          AND (:district = '' OR seller_district_code = :district)
        GROUP BY GROUPING SETS ((budget_holder_id), ())
    ) c
    """
)

FUNNEL = sa.text(
    """
    SELECT district_code, collected, trained, account, verified, published, first_sale
    FROM funnel_counts WHERE tenant_id = :tenant
    """
)

_BUDGET_LINE = f"""
    b.budget_line_id, b.fiscal_year, b.unit_id, {_UNIT_NAME.format(unit="b.unit_id")} AS unit_name,
    b.account_code, b.sub_activity_code, b.title, b.fund_source, b.ceiling_idr, b.blocked_idr,
    COALESCE(u.reserved_idr, 0) AS reserved_idr, COALESCE(u.committed_idr, 0) AS committed_idr,
    COALESCE(u.accepted_idr, 0) AS accepted_idr, COALESCE(u.paid_idr, 0) AS paid_idr
"""

BUDGET_LINES = sa.text(
    f"""
    SELECT {_BUDGET_LINE}
    FROM budget_lines b LEFT JOIN budget_usage u USING (tenant_id, budget_line_id)
    WHERE b.tenant_id = :tenant AND b.fiscal_year = :year AND (:unit = '' OR b.unit_id = :unit)
      AND b.budget_line_id > :after
    ORDER BY b.budget_line_id LIMIT :size
    """
)

# One statement, hence one instant: the roll-up, and beside it what the orders themselves say.
BUDGET_LINE = sa.text(
    f"""
    SELECT {_BUDGET_LINE},
        COALESCE((
            SELECT jsonb_agg(jsonb_build_object(
                'order_id', used.order_id, 'state', used.state, 'accepted_idr', accepted, 'paid_idr', paid
            ) ORDER BY used.order_id)
            FROM (
                SELECT o.order_id, o.state, sum(CAST(use ->> 'accepted_idr' AS bigint)) AS accepted,
                       sum(CAST(use ->> 'paid_idr' AS bigint)) AS paid
                FROM orders o CROSS JOIN LATERAL jsonb_array_elements(o.facts -> 'uses') use
                WHERE o.tenant_id = :tenant AND o.is_public
                  AND o.fiscal_year BETWEEN b.fiscal_year - 1 AND b.fiscal_year + 1
                  AND use ->> 'budget_line_id' = b.budget_line_id
                GROUP BY o.order_id, o.state
            ) used
        ), CAST('[]' AS jsonb)) AS orders
    FROM budget_lines b LEFT JOIN budget_usage u USING (tenant_id, budget_line_id)
    WHERE b.tenant_id = :tenant AND b.budget_line_id = :line
    """
)

OVERRIDES = sa.text(
    f"""
    SELECT c.budget_holder_id AS unit_id, {_UNIT_NAME.format(unit="c.budget_holder_id")} AS name, kind, code, orders
    FROM override_counts c
    WHERE tenant_id = :tenant AND fiscal_year = :year AND orders > 0
    ORDER BY unit_id, kind, code
    """
)

ORDERS = sa.text(
    f"""
    SELECT order_id, state, facts ->> 'need_title' AS title, signed_on, o.budget_holder_id AS unit_id,
           {_UNIT_NAME.format(unit="o.budget_holder_id")} AS unit_name, vendor_id,
           facts #>> '{{seller,name}}' AS vendor_name, category_code, total_idr, spent_idr
    FROM orders o
    WHERE tenant_id = :tenant AND is_public
      AND (CAST(:year AS integer) IS NULL OR fiscal_year = :year)
      AND (:unit = '' OR o.budget_holder_id = :unit)
      AND (:vendor = '' OR vendor_id = :vendor)
      AND (:category = '' OR category_code = :category)
      AND (:district = '' OR seller_district_code = :district)
      AND (:state = '' OR state = :state)
      AND (
          CAST(:after_day AS date) IS NULL
          OR (signed_on, order_id) < (CAST(:after_day AS date), CAST(:after_id AS text))
      )
    ORDER BY signed_on DESC, order_id DESC LIMIT :size
    """
)

ORDER = sa.text("SELECT CAST(facts AS text) FROM orders WHERE tenant_id = :tenant AND order_id = :order AND is_public")

RELEASES = sa.text(
    """
    SELECT position, CAST(release AS text) AS release FROM ocds_releases
    WHERE tenant_id = :tenant AND position > :after ORDER BY position LIMIT :size
    """
)

RELEASES_OF = sa.text(
    """
    SELECT position, CAST(release AS text) AS release FROM ocds_releases
    WHERE tenant_id = :tenant AND order_id = :order ORDER BY version
    """
)

REGION_TOTALS = sa.text(
    """
    SELECT tenant_id AS region, value_idr, orders FROM public_region_spend
    WHERE fiscal_year = :year AND value_idr > 0 ORDER BY value_idr DESC, tenant_id
    """
)
