# The Python that all tests run on and that the locks are made for; a base of one's own needs 3.11 or newer.
ARG BASE=docker.io/library/python:3.11-slim-bookworm

FROM ${BASE} AS build
ENV PIP_NO_CACHE_DIR=1 PIP_DISABLE_PIP_VERSION_CHECK=1
# The same path as in the result: a venv cannot be moved. pip stays behind.
RUN python3 -m venv --without-pip /opt/timonier
WORKDIR /src
COPY requirements.txt .
# Wheels alone: no compiler, and no setup script is run.
RUN python3 -m pip --python /opt/timonier/bin/python3 install --no-compile --require-hashes --only-binary :all: \
    --requirement requirements.txt
COPY pyproject.toml README.md LICENSE manifest.yaml ./
COPY bot bot
COPY knowledge knowledge
RUN python3 -m pip --python /opt/timonier/bin/python3 install --no-compile --no-deps .
# Left out: the tests of packages, and the API classes of kubernetes' client that is not asynchronous (33 MB, loaded on
# demand and never asked for). Bytecode for what is loaded: the root file system is read-only, Python could not keep any.
RUN cd /opt/timonier/lib/python3*/site-packages \
    && find . -type d -name tests -prune -exec rm -r {} + \
    && find kubernetes/client/api kubernetes/client/models -name '*.py' ! -name __init__.py -delete \
    && python3 -m compileall -q --invalidation-mode unchecked-hash -x '/kubernetes/aio/client/(api|models)/[^_]' .

FROM ${BASE}
LABEL org.opencontainers.image.title="Timonier" \
      org.opencontainers.image.description="A Slack bot for a Kubernetes course: it answers students and runs kubectl for trainers, safely." \
      org.opencontainers.image.licenses="MIT" \
      org.opencontainers.image.version="0.1.0"
# Number and folder as in the chart.
RUN install --directory --owner=10001 --group=10001 /var/lib/timonier
COPY --from=build /opt/timonier /opt/timonier
ENV PATH=/opt/timonier/bin:${PATH} \
    PYTHONUNBUFFERED=1 \
    DATABASE_URL=sqlite:////var/lib/timonier/timonier.db
USER 10001:10001
EXPOSE 8080
ENTRYPOINT ["timonier"]
CMD ["serve"]
