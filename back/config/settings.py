"""Django's settings, each read once from the environment (config/env.py says which, docs/settings.md why)."""

import os
import warnings
from datetime import timedelta
from pathlib import Path

from django.core.exceptions import ImproperlyConfigured
from django.core.management.utils import get_random_secret_key

from config.env import DEFAULT_DETECTOR_MODEL, MEGABYTE, ROOT, Env
from config.logging import logging_config
from launcher.embedded import connection_urls

env = Env()

VERSION = "0.1.0"
BASE_DIR = ROOT
DATA_DIR = Path(env("DATA_DIR"))
if not DATA_DIR.is_absolute():
    DATA_DIR = BASE_DIR / DATA_DIR

# `manage.py` by hand works on the database that `make run` made in this data directory.
if not env("DATABASE_URL"):
    for name, url in connection_urls(DATA_DIR).items():
        os.environ[name] = os.environ.get(name) or url

# --- the service itself ---
DEBUG = env("DEBUG")
SECRET_KEY = env("SECRET_KEY")
if not SECRET_KEY:
    if not DEBUG:
        raise ImproperlyConfigured("SECRET_KEY: must be set when DEBUG is off (see .env.example)")
    SECRET_KEY = get_random_secret_key()  # sessions last as long as this process
if not DEBUG and (len(SECRET_KEY) < 32 or SECRET_KEY.startswith(("django-insecure", "change-me"))):
    raise ImproperlyConfigured("SECRET_KEY: too short or a well-known one; make a long random one")
ALLOWED_HOSTS = env("ALLOWED_HOSTS") or (["localhost", "127.0.0.1", "[::1]"] if DEBUG else [])
CSRF_TRUSTED_ORIGINS = env("CSRF_TRUSTED_ORIGINS")
AUTH_REQUIRED = (not DEBUG) if env("AUTH_REQUIRED") is None else env("AUTH_REQUIRED")
TRUSTED_PROXIES = env("TRUSTED_PROXIES")

INSTALLED_APPS = [
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.postgres",
    "rest_framework",
    "knox",
    "django_filters",
    "drf_spectacular",
    "drf_spectacular_sidecar",
    "drf_standardized_errors",
    "django_tasks",
    "django_tasks_db",
    "apps.db",
    "apps.jobs",
    "apps.api",
    "apps.videos",
    "apps.web",
    "apps.evals",
]
MIDDLEWARE = [
    "config.middleware.RequestIdMiddleware",
    "config.middleware.StreamingMiddleware",
    "config.middleware.ContentSecurityMiddleware",
    "config.middleware.ApiErrorMiddleware",
    "config.middleware.FormSizeMiddleware",
    "config.middleware.UnavailableMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "config.middleware.ApiSlashMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "config.middleware.AdminMessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
]
ROOT_URLCONF = "config.urls"
WSGI_APPLICATION = "config.wsgi.application"
APPEND_SLASH = False  # every API route answers with and without its slash; see config/urls.py
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ]
        },
    }
]
LANGUAGE_CODE = "en-us"
TIME_ZONE = "UTC"
USE_TZ = True
USE_I18N = True

# --- database and cache ---
DATABASES = {
    "default": env.database("DATABASE_URL")
    | {
        "CONN_MAX_AGE": env("DATABASE_CONN_MAX_AGE"),
        "CONN_HEALTH_CHECKS": True,
        # A request never waits longer than this for the database; the reader has a limit of its own.
        "OPTIONS": {"connect_timeout": 5, "application_name": "playhead"},
    }
}
# Past any pooler: workers hold session locks, which a pooler in transaction mode would lose.
DATABASE_DIRECT_URL = env("DATABASE_DIRECT_URL")
READER_DATABASE_URL = env("READER_DATABASE_URL")
READER_TIMEOUT_MS = env("READER_TIMEOUT_MS")
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
CACHES = {"default": env.cache("CACHE_URL")}

# --- background work ---
TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend", "QUEUES": []}}
WORKER_PROCESSES = env("WORKER_PROCESSES")
WORKER_MEMORY_MB = env("WORKER_MEMORY_MB")
JOB_RESULTS_DAYS = env("JOB_RESULTS_DAYS")
ANALYZE_ON_UPLOAD = env("ANALYZE_ON_UPLOAD")
ANALYZE_DETECTORS = env("ANALYZE_DETECTORS")
DETECTOR_MODEL = env("DETECTOR_MODEL") or str(DEFAULT_DETECTOR_MODEL)
ANALYZE_THREADS = env("ANALYZE_THREADS")
LOITER_SECONDS = env("LOITER_SECONDS")
CROWD_SIZE = env("CROWD_SIZE")
VISION_BUDGET_USD = env("VISION_BUDGET_USD")

# --- uploads and playback ---
UPLOAD_MAX_BYTES = env("UPLOAD_MAX_MB") * MEGABYTE
UPLOAD_EXPIRES_HOURS = env("UPLOAD_EXPIRES_HOURS")
UPLOAD_PART_BYTES = env("UPLOAD_PART_MB") * MEGABYTE
VIDEO_MAX_HOURS = env("VIDEO_MAX_HOURS")
PLAYBACK_URL_SECONDS = env("PLAYBACK_URL_SECONDS")
CLIP_MARGIN_SECONDS = env("CLIP_MARGIN_SECONDS")
CLIP_MOST_SECONDS = env("CLIP_MOST_SECONDS")
RETENTION_FILE_DAYS = env("RETENTION_FILE_DAYS")
RETENTION_EVENT_DAYS = env("RETENTION_EVENT_DAYS")

# --- who may ---
AUTH_USER_MODEL = "db.User"
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"django.contrib.auth.password_validation.{name}"}
    for name in (
        "UserAttributeSimilarityValidator",
        "MinimumLengthValidator",
        "CommonPasswordValidator",
        "NumericPasswordValidator",
    )
]
REST_KNOX = {
    "TOKEN_TTL": timedelta(hours=env("TOKEN_TTL_HOURS")) if env("TOKEN_TTL_HOURS") else None,
    "AUTO_REFRESH": False,
}
LOGIN_URL = "/admin/login/"
HTTPS_ONLY = (not DEBUG) if env("HTTPS_ONLY") is None else env("HTTPS_ONLY")
SECURE_SSL_REDIRECT = HTTPS_ONLY
# The load balancer asks for health in plain HTTP, from inside.
SECURE_REDIRECT_EXEMPT = [r"^api/health/"]
SECURE_HSTS_SECONDS = 31_536_000 if HTTPS_ONLY else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = HTTPS_ONLY
SECURE_HSTS_PRELOAD = HTTPS_ONLY
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if TRUSTED_PROXIES else None
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = HTTPS_ONLY
SESSION_ENGINE = "apps.api.accounts.sessions"
SESSION_COOKIE_SAMESITE = "Lax"
X_FRAME_OPTIONS = "DENY"
CSRF_FAILURE_VIEW = "apps.http.errors.csrf_failure"

# --- limits ---
THROTTLE_USER = env("THROTTLE_USER")
THROTTLE_ADDRESS = env("THROTTLE_ADDRESS")
THROTTLE_LOGIN = env("THROTTLE_LOGIN")
DATA_UPLOAD_MAX_MEMORY_SIZE = env("REQUEST_MAX_MB") * MEGABYTE
INGEST_MAX_BYTES = env("INGEST_MAX_MB") * MEGABYTE
INGEST_MAX_EVENTS = env("INGEST_MAX_EVENTS")

# --- answering ---
USE_BEDROCK = env("USE_BEDROCK")
TEXT2SQL_URL = env("TEXT2SQL_URL")
LLM = env.llm()
PROMPT_VERSION = env("PROMPT_VERSION")
PROMPT_DAILY_BUDGET_USD = env("PROMPT_DAILY_BUDGET_USD")
PROMPT_DAILY_BUDGET_PER_USER_USD = env("PROMPT_DAILY_BUDGET_PER_USER_USD")
EMBEDDING_DAILY_BUDGET_USD = env("EMBEDDING_DAILY_BUDGET_USD")
LOG_PROMPTS = env("LOG_PROMPTS")

# --- files ---
STATIC_URL = "/static/"
STATIC_ROOT = BASE_DIR / "staticfiles"
# Served from the packages in development, from `collectstatic`'s folder in an image.
WHITENOISE_USE_FINDERS = True
warnings.filterwarnings("ignore", message="No directory at", category=UserWarning)
AWS_STORAGE_BUCKET_NAME = env("AWS_STORAGE_BUCKET_NAME")
AWS_STORAGE_REGION = env("AWS_STORAGE_REGION")
MEDIA_ROOT = DATA_DIR / "media"
_FILES = (
    {
        "BACKEND": "storages.backends.s3.S3Storage",
        "OPTIONS": {
            "bucket_name": AWS_STORAGE_BUCKET_NAME,
            "region_name": AWS_STORAGE_REGION or None,
            "default_acl": None,
            "querystring_auth": True,
        },
    }
    if AWS_STORAGE_BUCKET_NAME
    else {"BACKEND": "django.core.files.storage.FileSystemStorage", "OPTIONS": {"location": MEDIA_ROOT}}
)
STORAGES = {
    "default": _FILES,
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}

# --- the API ---
REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": [
        "apps.http.auth.BearerToken",
        "apps.http.auth.SessionWithHeader",
    ],
    "DEFAULT_PERMISSION_CLASSES": ["apps.http.auth.SignedInUnlessOpen"],
    "DEFAULT_THROTTLE_CLASSES": [
        "apps.http.throttle.RequestThrottle",
    ],
    "DEFAULT_RENDERER_CLASSES": ["apps.http.json.JSONRenderer"],
    "DEFAULT_PARSER_CLASSES": ["apps.http.json.JSONParser"],
    "DEFAULT_CONTENT_NEGOTIATION_CLASS": "apps.http.json.JSONNegotiation",
    "DEFAULT_SCHEMA_CLASS": "apps.http.schema.AutoSchema",
    "EXCEPTION_HANDLER": "drf_standardized_errors.handler.exception_handler",
    "UNAUTHENTICATED_USER": "django.contrib.auth.models.AnonymousUser",
    "DATETIME_FORMAT": "iso-8601",
    "TEST_REQUEST_DEFAULT_FORMAT": "json",
}
DRF_STANDARDIZED_ERRORS = {
    "EXCEPTION_HANDLER_CLASS": "apps.http.handler.ExceptionHandler",
    "EXCEPTION_FORMATTER_CLASS": "apps.http.handler.Formatter",
    "ALLOWED_ERROR_STATUS_CODES": ["400", "401", "403", "404", "405", "413", "415", "429"],
    "ENABLE_IN_DEBUG_FOR_UNHANDLED_EXCEPTIONS": True,
}
SPECTACULAR_SETTINGS = {
    "TITLE": "Playhead",
    "DESCRIPTION": "Ask your footage a question; get the answer and the second to seek to.",
    "VERSION": VERSION,
    "OAS_VERSION": "3.1.0",
    "SERVE_INCLUDE_SCHEMA": False,
    "SERVE_PERMISSIONS": ["rest_framework.permissions.AllowAny"],
    "SERVE_AUTHENTICATION": [],
    "COMPONENT_SPLIT_REQUEST": True,
    "SCHEMA_PATH_PREFIX": "/api/",
    "SWAGGER_UI_DIST": "SIDECAR",
    "SWAGGER_UI_FAVICON_HREF": "SIDECAR",
    "POSTPROCESSING_HOOKS": [],  # pydantic writes its enums where they are used
}

DEFAULT_EXCEPTION_REPORTER_FILTER = "config.debug.SecretsFilter"
LOGGING = logging_config(level=env("LOG_LEVEL"), style=env("LOG_FORMAT"))
