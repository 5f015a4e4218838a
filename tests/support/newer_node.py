"""A node of a version to come: it brings the schema one step on, additively, as the next release may."""

from typing import Any

from rpc.cli.main import main
from rpc.storage.postgres import migrations


def _step(connection: Any) -> None:
    connection.execute(b"ALTER TABLE sessions ADD COLUMN of_tomorrow bigint NOT NULL DEFAULT 7")
    connection.execute(b"CREATE TABLE of_tomorrow (id int PRIMARY KEY)")


migrations.STEPS[migrations.VERSION] = _step
migrations.VERSION += 1

if __name__ == "__main__":
    main()
