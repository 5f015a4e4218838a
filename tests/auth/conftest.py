from tests.support.in_process import serve

__all__ = ["serve"]
