# syntax=docker/dockerfile:1
# One image for web, worker and beat; docker-compose.yml says which one a container is.

FROM node:24-bookworm-slim AS front-end
WORKDIR /build
COPY package.json package-lock.json .npmrc ./
RUN npm ci --omit=dev

FROM python:3.11-slim-bookworm AS packages
ENV PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_NO_CACHE_DIR=1
COPY requirements/base.txt requirements/base.txt
RUN python -m venv /srv/venv && /srv/venv/bin/pip install --require-hashes -r requirements/base.txt

FROM python:3.11-slim-bookworm
# WeasyPrint's libraries and the fonts its reports embed.
RUN apt-get update \
    && apt-get install -y --no-install-recommends \
        fonts-liberation2 fonts-paratype libharfbuzz-subset0 libpango-1.0-0 libpangoft2-1.0-0 \
    && rm -rf /var/lib/apt/lists/* \
    && useradd --system --uid 10001 --home-dir /srv/portal --shell /usr/sbin/nologin portal

ENV PATH=/srv/venv/bin:$PATH \
    PYTHONUNBUFFERED=1 \
    PYTHONDONTWRITEBYTECODE=1 \
    DJANGO_ENV=production \
    VAR_DIR=/srv/var \
    MEDIA_ROOT=/srv/media \
    STATIC_ROOT=/srv/static

WORKDIR /srv/portal
COPY --from=packages /srv/venv /srv/venv
COPY . .
COPY --from=front-end /build/node_modules node_modules
# Static files are part of the image. The settings ask for all that production needs; collecting
# needs none of it, hence these words, which reach no running container.
RUN python -c "from scripts.environment import ROOT, copy_vendor_files; \
copy_vendor_files(ROOT / 'node_modules', ROOT / 'static' / 'vendor')" \
    && rm -r node_modules \
    && SECRET_KEY=build DATABASE_URL=postgres://build REDIS_URL=redis://build EMAIL_URL=smtp://build \
       ALLOWED_HOSTS=build PORTAL_URL=https://build python manage.py collectstatic --no-input \
    && chmod -R a+rX /srv/static \
    && mkdir -p /srv/var /srv/media \
    && chown -R portal:portal /srv/var /srv/media

USER portal
VOLUME ["/srv/var", "/srv/media"]
EXPOSE 8000
HEALTHCHECK --interval=30s --timeout=10s --start-period=60s --retries=3 \
    CMD ["python", "-m", "scripts.healthcheck", "web"]
CMD ["gunicorn", "portal.wsgi:application", "--no-control-socket", "--bind", "0.0.0.0:8000", \
     "--worker-class", "gthread", "--threads", "4", "--worker-tmp-dir", "/dev/shm"]
