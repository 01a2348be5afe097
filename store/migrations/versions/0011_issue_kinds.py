"""Issues of briefings are kept under the code of their kind, no longer under the label that people read."""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0009"

# As they were when this was written; what is called otherwise later is no concern of old stores.
CODES = {
    "每日舆情简报": "daily",
    "舆情快报": "flash",
    "舆情专报": "special",
    "舆情周报": "weekly",
    "舆情月报": "monthly",
    "年度统计": "annual",
}


def upgrade() -> None:
    issue = sa.table("issue", sa.column("kind", sa.String))
    for label, code in CODES.items():
        op.execute(issue.update().where(issue.c.kind == label).values(kind=code))
