"""The one way services speak over NATS; nothing outside this package (and the setup step) imports `nats`."""

from dermfolio.common.bus.answers import Answer, Answers, Handler
from dermfolio.common.bus.connection import Connection
from dermfolio.common.bus.feed import Feed, FeedItem, Position
from dermfolio.common.bus.jobs import Consumer, JobRunner
from dermfolio.common.bus.publishing import Publisher
from dermfolio.common.bus.requests import Requests

__all__ = [
    "Answer",
    "Answers",
    "Connection",
    "Consumer",
    "Feed",
    "FeedItem",
    "Handler",
    "JobRunner",
    "Position",
    "Publisher",
    "Requests",
]
