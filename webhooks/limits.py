"""Rate limits and forgery protection of our own pages; views decorate themselves with these."""

from flask_limiter import Limiter
from flask_limiter.util import get_remote_address
from flask_wtf import CSRFProtect

limiter = Limiter(key_func=get_remote_address, storage_uri="memory://", default_limits=["600 per minute"])
csrf = CSRFProtect()
