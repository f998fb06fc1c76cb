"""The whole product on one screen."""

from __future__ import annotations

from litestar.datastructures import CacheControlHeader

from rambla import docs, health, rpc
from rambla.admin import web as admin
from rambla.auth import api as auth_api, web as auth
from rambla.commerce import api as commerce_api, web as commerce
from rambla.content import (
    api as content_api,
    lists_api,
    lists_web,
    moderation_api,
    moderation_web,
    web as content,
)
from rambla.earnings import api as earnings_api, web as earnings
from rambla.feed import (
    api as feed_api,
    experiments_api,
    experiments_web,
    web as feed,
    wishes_api,
    wishes_web,
)
from rambla.jobs import api as jobs_api, limits_api, limits_web, web as jobs
from rambla.notifications import api as notifications_api, web as notifications

STATIC_CACHE = CacheControlHeader(max_age=31_536_000, public=True, immutable=True)

HANDLERS = [
    # Programs
    *auth_api.HANDLERS,  # /v1/sessions /v1/me
    *feed_api.HANDLERS,  # /v1/feed
    *experiments_api.HANDLERS,  # /v1/feed/experiments /v1/feed/weights/trials
    *wishes_api.HANDLERS,  # /v1/feed/wishes /v1/feed/hides /v1/feed/fewer /v1/feed/muted-words
    *content_api.HANDLERS,  # /v1/posts /v1/shop-items /v1/follows
    *lists_api.HANDLERS,  # /v1/profiles/{handle}/posts /v1/tags/{tag}/posts
    *moderation_api.HANDLERS,  # /v1/removals /v1/me/age-confirmation
    *commerce_api.HANDLERS,  # /v1/cart /v1/orders /v1/orders/{id}/payment
    *notifications_api.HANDLERS,  # /v1/notifications
    *earnings_api.HANDLERS,  # /v1/earnings
    *jobs_api.HANDLERS,  # /v1/jobs
    *limits_api.HANDLERS,  # /v1/queues/{queue}/limit /v1/job-types/{job_type}/limit
    rpc.call,  # /rpc/{function}
    *docs.HANDLERS,  # /docs /docs/errors /openapi.json
    # People
    *feed.HANDLERS,  # /
    *wishes_web.HANDLERS,  # /feed/wishes
    *content.HANDLERS,  # /people
    *lists_web.HANDLERS,  # /tags
    *moderation_web.HANDLERS,  # /moderation /age-confirmation
    *auth.HANDLERS,  # /sign-in /sign-out
    *commerce.HANDLERS,  # /cart /orders
    *notifications.HANDLERS,  # /notifications
    *earnings.HANDLERS,  # /earnings
    # Operators
    *health.HANDLERS,  # /livez /readyz /metrics
    *admin.HANDLERS,  # /admin
    *experiments_web.HANDLERS,  # /admin/feed/experiments
    *jobs.HANDLERS,  # /admin/jobs
    *limits_web.HANDLERS,  # /admin/jobs/limits /admin/jobs/pauses
]
