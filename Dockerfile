# The image of a team's server: the pages, sign-in and PostgreSQL. See docs/team.md for how to run it.

FROM python:3.11-slim AS build
ENV PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_NO_CACHE_DIR=1
WORKDIR /build
# Every wheel is checked against its hash here. The steps below install from these files only, without a network.
COPY requirements.txt .
RUN pip download --quiet --only-binary=:all: --require-hashes --dest wheels -r requirements.txt
COPY . .
RUN python -m venv builder \
 && builder/bin/pip install --quiet --no-index --find-links wheels hatchling \
 && builder/bin/hatchling build -t wheel -d wheels
# The extra `team` includes `app`, `documents` and `scale`. Test and lint tools are pinned too, but not installed.
RUN python -m venv /opt/compplan \
 && /opt/compplan/bin/pip install --quiet --no-index --find-links wheels 'compplan[team]' \
 && /opt/compplan/bin/pip uninstall --quiet --yes pip setuptools

FROM python:3.11-slim
RUN useradd --system --uid 10001 --user-group --no-create-home --home-dir /nonexistent compplan \
 && install -d -m 700 -o compplan -g compplan /backups
COPY --from=build /opt/compplan /opt/compplan
ENV PATH=/opt/compplan/bin:$PATH PYTHONDONTWRITEBYTECODE=1
USER compplan
EXPOSE 8501
HEALTHCHECK --interval=30s --timeout=10s --start-period=60s CMD ["python", "-c", "import urllib.request as u; u.build_opener(u.ProxyHandler({})).open('http://127.0.0.1:8501/healthz', timeout=8)"]
ENTRYPOINT ["compplan"]
CMD ["serve", "--address", "0.0.0.0", "--team", "/etc/compplan/team.toml"]
