"""What roles are called."""

from __future__ import annotations

from typing import Final

ROLE_NAMES: Final = {
    "volunteer": "志愿者",
    "party_member": "党员志愿者",
    "building_head": "楼长",
    "property": "物业",
    "grid_worker": "网格员",
    "moderator": "调度员",
    "department": "部门经办",
    "street": "街道中心",
    "district": "区中心",
    "auditor": "审计",
    "admin": "管理员",
    "resident": "居民",
}
