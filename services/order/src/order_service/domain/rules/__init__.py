"""Dated legal rules and what they decide: policy rows, contract form, channels, overrides, separation of duties."""

from order_service.domain.rules.channel import check_channel, check_hps, check_maker, check_umkm_first
from order_service.domain.rules.contract_form import ContractForm, ProcurementKind, contract_form
from order_service.domain.rules.override import Override, OverrideReason
from order_service.domain.rules.policy_rule import Direction, PolicyBook, PolicyRule, RuleStatus, resolve
from order_service.domain.rules.seed import national_rules, regional_rules

__all__ = [
    "ContractForm",
    "Direction",
    "Override",
    "OverrideReason",
    "PolicyBook",
    "PolicyRule",
    "ProcurementKind",
    "RuleStatus",
    "check_channel",
    "check_hps",
    "check_maker",
    "check_umkm_first",
    "contract_form",
    "national_rules",
    "regional_rules",
    "resolve",
]
