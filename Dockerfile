# The production image: the same code and the same commands as ./dev, see portal/processes.py.
FROM python:3.11.14-slim-bookworm AS build
ENV PYTHONUNBUFFERED=1 PIP_NO_CACHE_DIR=1 PIP_DISABLE_PIP_VERSION_CHECK=1
RUN python -m venv /opt/venv
ENV PATH=/opt/venv/bin:$PATH
WORKDIR /app
COPY requirements/run.txt requirements/run.txt
RUN pip install --require-hashes --only-binary=:all: -r requirements/run.txt
COPY . .
# Catalogues and static files need no secret and no server: `development` stands in with its defaults.
RUN pybabel compile -D django -d locale \
    && DJANGO_ENV=development python manage.py collectstatic --no-input \
    && python -m compileall -q agreements core disclosure documents eligibility facilities patients portal referrals retention

FROM python:3.11.14-slim-bookworm
ENV PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1 PATH=/opt/venv/bin:$PATH STATE_DIR=/state
RUN useradd --system --uid 10001 --no-create-home --shell /usr/sbin/nologin portal \
    && install -d -o portal -m 700 /state /audit
WORKDIR /app
COPY --from=build /opt/venv /opt/venv
COPY --from=build /app /app
USER 10001
EXPOSE 8000
HEALTHCHECK --interval=15s --timeout=10s --start-period=30s CMD ["python", "-P", "portal/health.py", "web"]
CMD ["gunicorn", "--config", "portal/gunicorn.py", "portal.wsgi:application"]
