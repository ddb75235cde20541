# filmscore: app, worker and API are one image with three commands (compose.yaml).
FROM python:3.12-slim AS build
WORKDIR /app
COPY requirements.lock docker/dependencies.sh /build/
RUN /build/dependencies.sh /build/requirements.lock /venv
COPY . .
RUN docker/install.sh /app /venv

FROM python:3.12-slim
RUN useradd --create-home --uid 10001 filmscore && install -d -o filmscore /data
COPY --from=build /venv /venv
COPY --from=build /app /app
ENV PATH=/venv/bin:$PATH FILMSCORE_HOME=/data FILMSCORE_MEDIA_ROOTS=/films PYTHONUNBUFFERED=1
USER 10001
WORKDIR /app
VOLUME /data
EXPOSE 8501
HEALTHCHECK --interval=30s --timeout=5s --start-period=30s \
    CMD ["python", "-c", "import urllib.request; urllib.request.urlopen('http://localhost:8501/_stcore/health', timeout=4)"]
# The container's own network decides who can reach this address; compose.yaml publishes it to this machine only.
CMD ["filmscore", "serve", "--address", "0.0.0.0", "--no-worker"]
