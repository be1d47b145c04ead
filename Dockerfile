# Images of silos and gateways: docker build --target silo, docker build --target gateway. docs/images.md tells more.
ARG SDK=mcr.microsoft.com/dotnet/sdk:10.0
ARG RUNTIME=mcr.microsoft.com/dotnet/aspnet:10.0-noble-chiseled-extra

FROM ${SDK} AS build
ARG COMMIT=unknown
WORKDIR /source
COPY .editorconfig BannedSymbols.txt Directory.Build.props Directory.Packages.props global.json ./
COPY ApiFrontend/ ApiFrontend/
COPY Catalogue/ Catalogue/
COPY Grains/ Grains/
COPY Grains.Abstractions/ Grains.Abstractions/
COPY Marc/ Marc/
COPY ReadModel/ ReadModel/
COPY ServiceDefaults/ ServiceDefaults/
COPY Silo/ Silo/
# Compiled ahead, for processors like those that this stage runs on: a silo that has just joined is asked at once, and would have to
# compile what it is asked for.
RUN dotnet publish Silo/Silo.csproj --configuration Release --output /silo --use-current-runtime \
        -p:PublishReadyToRun=true -p:SourceRevisionId=${COMMIT} \
    && dotnet publish ApiFrontend/ApiFrontend.csproj --configuration Release --output /gateway --use-current-runtime \
        -p:PublishReadyToRun=true -p:SourceRevisionId=${COMMIT}

# Without a shell. Whoever runs it may choose another user; nothing in the image belongs to this one.
FROM ${RUNTIME} AS runtime
WORKDIR /app
USER 10654:10654
EXPOSE 8081

FROM runtime AS silo
COPY --from=build /silo /app
EXPOSE 11111 13111 30000
ENTRYPOINT ["dotnet", "/app/Silo.dll"]

FROM runtime AS gateway
COPY --from=build /gateway /app
EXPOSE 8080
ENTRYPOINT ["dotnet", "/app/ApiFrontend.dll"]
