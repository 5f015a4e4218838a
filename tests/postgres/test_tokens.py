"""Tokens in a database. A user would lose: a door that is closed on every node once its token is revoked."""

from contextlib import closing

import pytest

from rpc.storage.postgres.tokens import TokenTable
from rpc.storage.tokens import NameTaken, TokenRecord


def record(id: str, name: str) -> TokenRecord:
    return TokenRecord(id, name, "ada", ["run"], id.encode() * 8, 5, 9)


def test_what_is_being_committed_is_not_taken_for_seen(database: str) -> None:
    """A node that looks in that moment looks again: else it would never know of a token, or that one was revoked."""
    with (
        closing(TokenTable(database)) as one,
        closing(TokenTable(database)) as other,
        closing(TokenTable(database)) as command,
    ):
        one.add(record("a", "first"))
        assert other.all() == [record("a", "first")]
        command.all()
        connection = command.connection
        assert connection is not None
        with connection.transaction():
            connection.execute("UPDATE tokens SET revoked_at = 7")
            connection.execute("SELECT nextval('token_changes')")
            other.changed()
            assert other.all()[0].revoked_at is None
        assert other.changed()
        assert other.all()[0].revoked_at == 7
        assert not other.changed()


def test_what_one_node_does_another_sees(database: str) -> None:
    with closing(TokenTable(database)) as one, closing(TokenTable(database)) as other:
        assert one.all() == other.all() == []
        assert not other.changed()
        one.add(record("a", "first"))
        assert other.changed()
        assert other.all() == [record("a", "first")]
        assert not other.changed()
        with pytest.raises(NameTaken):
            other.add(record("b", "first"))
        assert one.revoke("first", 7) == [record("a", "first")]
        assert other.changed()
        assert other.all()[0].revoked_at == 7
        # The name is free again, and what was revoked stays so.
        other.add(record("b", "first"))
        assert one.revoke("nobody", 8) == []
        one.used({"b": 20, "a": 10})
        other.used({"b": 15})
        assert [(found.id, found.used_at) for found in one.all()] == [("a", 10), ("b", 20)]
