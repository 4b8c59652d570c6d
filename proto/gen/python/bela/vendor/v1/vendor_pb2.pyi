from google.type import date_pb2 as _date_pb2
from google.protobuf.internal import containers as _containers
from google.protobuf.internal import enum_type_wrapper as _enum_type_wrapper
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from collections.abc import Iterable as _Iterable, Mapping as _Mapping
from typing import ClassVar as _ClassVar, Optional as _Optional, Union as _Union

DESCRIPTOR: _descriptor.FileDescriptor

class BusinessClass(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    BUSINESS_CLASS_UNSPECIFIED: _ClassVar[BusinessClass]
    BUSINESS_CLASS_MICRO: _ClassVar[BusinessClass]
    BUSINESS_CLASS_SMALL: _ClassVar[BusinessClass]
    BUSINESS_CLASS_MEDIUM: _ClassVar[BusinessClass]
    BUSINESS_CLASS_LARGE: _ClassVar[BusinessClass]

class EntityKind(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    ENTITY_KIND_UNSPECIFIED: _ClassVar[EntityKind]
    ENTITY_KIND_INDIVIDUAL: _ClassVar[EntityKind]
    ENTITY_KIND_PERSEROAN_PERORANGAN: _ClassVar[EntityKind]
    ENTITY_KIND_KOPERASI: _ClassVar[EntityKind]
    ENTITY_KIND_CV: _ClassVar[EntityKind]
    ENTITY_KIND_FIRMA: _ClassVar[EntityKind]
    ENTITY_KIND_PT: _ClassVar[EntityKind]
    ENTITY_KIND_BUMDES: _ClassVar[EntityKind]
    ENTITY_KIND_OTHER: _ClassVar[EntityKind]

class Standing(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    STANDING_UNSPECIFIED: _ClassVar[Standing]
    STANDING_OK: _ClassVar[Standing]
    STANDING_IN_REVIEW: _ClassVar[Standing]
    STANDING_SUSPENDED: _ClassVar[Standing]
    STANDING_DORMANT: _ClassVar[Standing]
    STANDING_CLOSED: _ClassVar[Standing]
    STANDING_MERGED: _ClassVar[Standing]

class Band(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    BAND_UNSPECIFIED: _ClassVar[Band]
    BAND_A: _ClassVar[Band]
    BAND_B: _ClassVar[Band]
    BAND_C: _ClassVar[Band]

class NpwpState(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    NPWP_STATE_UNSPECIFIED: _ClassVar[NpwpState]
    NPWP_STATE_NONE: _ClassVar[NpwpState]
    NPWP_STATE_NIK_NOT_ACTIVATED: _ClassVar[NpwpState]
    NPWP_STATE_ACTIVE: _ClassVar[NpwpState]
    NPWP_STATE_UNKNOWN: _ClassVar[NpwpState]
BUSINESS_CLASS_UNSPECIFIED: BusinessClass
BUSINESS_CLASS_MICRO: BusinessClass
BUSINESS_CLASS_SMALL: BusinessClass
BUSINESS_CLASS_MEDIUM: BusinessClass
BUSINESS_CLASS_LARGE: BusinessClass
ENTITY_KIND_UNSPECIFIED: EntityKind
ENTITY_KIND_INDIVIDUAL: EntityKind
ENTITY_KIND_PERSEROAN_PERORANGAN: EntityKind
ENTITY_KIND_KOPERASI: EntityKind
ENTITY_KIND_CV: EntityKind
ENTITY_KIND_FIRMA: EntityKind
ENTITY_KIND_PT: EntityKind
ENTITY_KIND_BUMDES: EntityKind
ENTITY_KIND_OTHER: EntityKind
STANDING_UNSPECIFIED: Standing
STANDING_OK: Standing
STANDING_IN_REVIEW: Standing
STANDING_SUSPENDED: Standing
STANDING_DORMANT: Standing
STANDING_CLOSED: Standing
STANDING_MERGED: Standing
BAND_UNSPECIFIED: Band
BAND_A: Band
BAND_B: Band
BAND_C: Band
NPWP_STATE_UNSPECIFIED: NpwpState
NPWP_STATE_NONE: NpwpState
NPWP_STATE_NIK_NOT_ACTIVATED: NpwpState
NPWP_STATE_ACTIVE: NpwpState
NPWP_STATE_UNKNOWN: NpwpState

class TaxProfile(_message.Message):
    __slots__ = ("npwp_state", "pkp", "umkm_certificate_from", "umkm_certificate_to", "statement_500_year", "skb_from", "skb_to", "regime_start_year", "pbjt_registered")
    NPWP_STATE_FIELD_NUMBER: _ClassVar[int]
    PKP_FIELD_NUMBER: _ClassVar[int]
    UMKM_CERTIFICATE_FROM_FIELD_NUMBER: _ClassVar[int]
    UMKM_CERTIFICATE_TO_FIELD_NUMBER: _ClassVar[int]
    STATEMENT_500_YEAR_FIELD_NUMBER: _ClassVar[int]
    SKB_FROM_FIELD_NUMBER: _ClassVar[int]
    SKB_TO_FIELD_NUMBER: _ClassVar[int]
    REGIME_START_YEAR_FIELD_NUMBER: _ClassVar[int]
    PBJT_REGISTERED_FIELD_NUMBER: _ClassVar[int]
    npwp_state: NpwpState
    pkp: bool
    umkm_certificate_from: _date_pb2.Date
    umkm_certificate_to: _date_pb2.Date
    statement_500_year: int
    skb_from: _date_pb2.Date
    skb_to: _date_pb2.Date
    regime_start_year: int
    pbjt_registered: bool
    def __init__(self, npwp_state: _Optional[_Union[NpwpState, str]] = ..., pkp: _Optional[bool] = ..., umkm_certificate_from: _Optional[_Union[_date_pb2.Date, _Mapping]] = ..., umkm_certificate_to: _Optional[_Union[_date_pb2.Date, _Mapping]] = ..., statement_500_year: _Optional[int] = ..., skb_from: _Optional[_Union[_date_pb2.Date, _Mapping]] = ..., skb_to: _Optional[_Union[_date_pb2.Date, _Mapping]] = ..., regime_start_year: _Optional[int] = ..., pbjt_registered: _Optional[bool] = ...) -> None: ...

class Milestones(_message.Message):
    __slots__ = ("collected_on", "trained_on", "account_on", "verified_on", "published_on", "first_sale_on")
    COLLECTED_ON_FIELD_NUMBER: _ClassVar[int]
    TRAINED_ON_FIELD_NUMBER: _ClassVar[int]
    ACCOUNT_ON_FIELD_NUMBER: _ClassVar[int]
    VERIFIED_ON_FIELD_NUMBER: _ClassVar[int]
    PUBLISHED_ON_FIELD_NUMBER: _ClassVar[int]
    FIRST_SALE_ON_FIELD_NUMBER: _ClassVar[int]
    collected_on: _date_pb2.Date
    trained_on: _date_pb2.Date
    account_on: _date_pb2.Date
    verified_on: _date_pb2.Date
    published_on: _date_pb2.Date
    first_sale_on: _date_pb2.Date
    def __init__(self, collected_on: _Optional[_Union[_date_pb2.Date, _Mapping]] = ..., trained_on: _Optional[_Union[_date_pb2.Date, _Mapping]] = ..., account_on: _Optional[_Union[_date_pb2.Date, _Mapping]] = ..., verified_on: _Optional[_Union[_date_pb2.Date, _Mapping]] = ..., published_on: _Optional[_Union[_date_pb2.Date, _Mapping]] = ..., first_sale_on: _Optional[_Union[_date_pb2.Date, _Mapping]] = ...) -> None: ...

class Vendor(_message.Message):
    __slots__ = ("name", "vendor_id", "region", "version", "owner_group_id", "display_name", "entity_kind", "business_class", "district_code", "village_code", "main_product", "standing", "band", "milestones", "tax_profile", "payout_ready", "conflict_of_interest", "member_principals", "suspended_until", "blacklisted", "producer_category_codes", "merged_into")
    NAME_FIELD_NUMBER: _ClassVar[int]
    VENDOR_ID_FIELD_NUMBER: _ClassVar[int]
    REGION_FIELD_NUMBER: _ClassVar[int]
    VERSION_FIELD_NUMBER: _ClassVar[int]
    OWNER_GROUP_ID_FIELD_NUMBER: _ClassVar[int]
    DISPLAY_NAME_FIELD_NUMBER: _ClassVar[int]
    ENTITY_KIND_FIELD_NUMBER: _ClassVar[int]
    BUSINESS_CLASS_FIELD_NUMBER: _ClassVar[int]
    DISTRICT_CODE_FIELD_NUMBER: _ClassVar[int]
    VILLAGE_CODE_FIELD_NUMBER: _ClassVar[int]
    MAIN_PRODUCT_FIELD_NUMBER: _ClassVar[int]
    STANDING_FIELD_NUMBER: _ClassVar[int]
    BAND_FIELD_NUMBER: _ClassVar[int]
    MILESTONES_FIELD_NUMBER: _ClassVar[int]
    TAX_PROFILE_FIELD_NUMBER: _ClassVar[int]
    PAYOUT_READY_FIELD_NUMBER: _ClassVar[int]
    CONFLICT_OF_INTEREST_FIELD_NUMBER: _ClassVar[int]
    MEMBER_PRINCIPALS_FIELD_NUMBER: _ClassVar[int]
    SUSPENDED_UNTIL_FIELD_NUMBER: _ClassVar[int]
    BLACKLISTED_FIELD_NUMBER: _ClassVar[int]
    PRODUCER_CATEGORY_CODES_FIELD_NUMBER: _ClassVar[int]
    MERGED_INTO_FIELD_NUMBER: _ClassVar[int]
    name: str
    vendor_id: str
    region: str
    version: int
    owner_group_id: str
    display_name: str
    entity_kind: EntityKind
    business_class: BusinessClass
    district_code: str
    village_code: str
    main_product: str
    standing: Standing
    band: Band
    milestones: Milestones
    tax_profile: TaxProfile
    payout_ready: bool
    conflict_of_interest: bool
    member_principals: _containers.RepeatedScalarFieldContainer[str]
    suspended_until: _date_pb2.Date
    blacklisted: bool
    producer_category_codes: _containers.RepeatedScalarFieldContainer[str]
    merged_into: str
    def __init__(self, name: _Optional[str] = ..., vendor_id: _Optional[str] = ..., region: _Optional[str] = ..., version: _Optional[int] = ..., owner_group_id: _Optional[str] = ..., display_name: _Optional[str] = ..., entity_kind: _Optional[_Union[EntityKind, str]] = ..., business_class: _Optional[_Union[BusinessClass, str]] = ..., district_code: _Optional[str] = ..., village_code: _Optional[str] = ..., main_product: _Optional[str] = ..., standing: _Optional[_Union[Standing, str]] = ..., band: _Optional[_Union[Band, str]] = ..., milestones: _Optional[_Union[Milestones, _Mapping]] = ..., tax_profile: _Optional[_Union[TaxProfile, _Mapping]] = ..., payout_ready: _Optional[bool] = ..., conflict_of_interest: _Optional[bool] = ..., member_principals: _Optional[_Iterable[str]] = ..., suspended_until: _Optional[_Union[_date_pb2.Date, _Mapping]] = ..., blacklisted: _Optional[bool] = ..., producer_category_codes: _Optional[_Iterable[str]] = ..., merged_into: _Optional[str] = ...) -> None: ...
