# The image of every Switchyard process; ROLE says which part it plays.
FROM node:24-slim
RUN npm install --global pnpm@12 && install --directory --owner=node --group=node /app /data
WORKDIR /app
USER node
COPY --chown=node:node . .
RUN pnpm install --frozen-lockfile \
  && node --input-type=module -e "const { buildPage } = await import('/app/server/page-build.ts'); await buildPage('/app', console.log)"
ENV HOST=0.0.0.0 PORT=4310 DATA_DIR=/data
EXPOSE 4310
CMD ["node", "server/start.js", "--no-build"]
