{{/* What all names begin with. */}}
{{- define "lms.fullname" -}}
{{- if .Values.fullnameOverride }}{{ .Values.fullnameOverride | trunc 40 | trimSuffix "-" }}
{{- else if contains .Chart.Name .Release.Name }}{{ .Release.Name | trunc 40 | trimSuffix "-" }}
{{- else }}{{ printf "%s-%s" .Release.Name .Chart.Name | trunc 40 | trimSuffix "-" }}
{{- end }}
{{- end }}

{{/* Takes root and component. These never change: a Deployment cannot be upgraded to other ones. */}}
{{- define "lms.selectorLabels" -}}
app.kubernetes.io/name: {{ .root.Chart.Name }}
app.kubernetes.io/instance: {{ .root.Release.Name }}
app.kubernetes.io/component: {{ .component }}
{{- end }}

{{- define "lms.labels" -}}
{{ include "lms.selectorLabels" . }}
app.kubernetes.io/part-of: lms
app.kubernetes.io/version: {{ .root.Chart.AppVersion | quote }}
app.kubernetes.io/managed-by: {{ .root.Release.Service }}
helm.sh/chart: {{ printf "%s-%s" .root.Chart.Name .root.Chart.Version | replace "+" "_" }}
{{- end }}

{{/* All silos, of whichever pool. */}}
{{- define "lms.siloPods" -}}
matchLabels:
  app.kubernetes.io/name: {{ .Chart.Name }}
  app.kubernetes.io/instance: {{ .Release.Name }}
  lms/role: silo
{{- end }}

{{- define "lms.gatewayPods" -}}
matchLabels:
  app.kubernetes.io/name: {{ .Chart.Name }}
  app.kubernetes.io/instance: {{ .Release.Name }}
  lms/role: gateway
{{- end }}

{{/* Takes root and image (silo or gateway). */}}
{{- define "lms.image" -}}
{{- $image := get .root.Values.image .image -}}
{{- $name := list .root.Values.image.registry $image.repository | compact | join "/" -}}
{{- if $image.digest }}{{ $name }}@{{ $image.digest }}
{{- else }}{{ $name }}:{{ .root.Values.image.tag | default .root.Chart.AppVersion }}
{{- end }}
{{- end }}

{{- define "lms.secretName" -}}
{{- .Values.secrets.existingSecret | default (printf "%s-bundled" (include "lms.fullname" .)) }}
{{- end }}

{{/*
The pools of silos, as JSON: the shared one, unless every service has silos of its own, and one for each dedicated service.
*/}}
{{- define "lms.pools" -}}
{{- $shared := list -}}
{{- $pools := list -}}
{{- range $name := keys .Values.services | sortAlpha -}}
{{- $service := get $.Values.services $name -}}
{{- if $service.dedicated -}}
{{- $pools = append $pools (dict "name" $name "services" $name "replicas" $service.replicas "autoscaling" $service.autoscaling) -}}
{{- else -}}
{{- $shared = append $shared $name -}}
{{- end -}}
{{- end -}}
{{- if $shared -}}
{{- $pools = prepend $pools (dict "name" "shared" "services" (join "," $shared) "replicas" .Values.silo.replicas "autoscaling" .Values.silo.autoscaling) -}}
{{- end -}}
{{- toJson $pools -}}
{{- end }}

{{/* What a pod may, whichever it is: nothing. */}}
{{- define "lms.podSecurity" -}}
automountServiceAccountToken: false
enableServiceLinks: false
securityContext:
  runAsNonRoot: true
  runAsUser: 10654
  runAsGroup: 10654
  fsGroup: 10654
  fsGroupChangePolicy: OnRootMismatch
  seccompProfile: { type: RuntimeDefault }
{{- with .Values.image.pullSecrets }}
imagePullSecrets:
  {{- range . }}
  - name: {{ . }}
  {{- end }}
{{- end }}
{{- end }}

{{- define "lms.containerSecurity" -}}
securityContext:
  allowPrivilegeEscalation: false
  readOnlyRootFilesystem: true
  capabilities: { drop: [ALL] }
{{- end }}

{{/* Takes root, component, own (nodeSelector, tolerations) and revision (the label of it): where pods of a component stand. */}}
{{- define "lms.scheduling" -}}
{{- with .root.Values.priorityClassName -}}
priorityClassName: {{ . }}
{{ end -}}
topologySpreadConstraints:
  {{- range $key := list "topology.kubernetes.io/zone" "kubernetes.io/hostname" }}
  - topologyKey: {{ $key }}
    maxSkew: 1
    whenUnsatisfiable: ScheduleAnyway
    matchLabelKeys: [{{ $.revision }}]
    labelSelector:
      matchLabels:
        {{- include "lms.selectorLabels" $ | nindent 8 }}
  {{- end }}
affinity:
  podAntiAffinity:
    preferredDuringSchedulingIgnoredDuringExecution:
      - weight: 100
        podAffinityTerm:
          topologyKey: kubernetes.io/hostname
          labelSelector:
            matchLabels:
              {{- include "lms.selectorLabels" . | nindent 14 }}
tolerations:
  {{- range $key := list "node.kubernetes.io/not-ready" "node.kubernetes.io/unreachable" }}
  - key: {{ $key }}
    operator: Exists
    effect: NoExecute
    tolerationSeconds: {{ $.root.Values.nodeLostSeconds }}
  {{- end }}
  {{- with .own.tolerations }}
  {{- toYaml . | nindent 2 }}
  {{- end }}
{{- with .own.nodeSelector }}
nodeSelector:
  {{- toYaml . | nindent 2 }}
{{- end }}
{{- end }}

{{/* Environment of silos and gateways. Takes root, internalPort. */}}
{{- define "lms.environment" -}}
envFrom:
  - configMapRef: { name: {{ include "lms.fullname" .root }} }
env:
  - name: POD_NAME
    valueFrom: { fieldRef: { fieldPath: metadata.name } }
  - name: POD_IP
    valueFrom: { fieldRef: { fieldPath: status.podIP } }
  - name: Lms__InternalUrls
    value: http://*:{{ .internalPort }}
  - name: Lms__SecretsDirectory
    value: /etc/lms/secrets
  - name: TMPDIR
    value: /tmp
{{- end }}

{{/* The secrets that a component reads, as files whose names are settings. Takes root and keys (key: setting). */}}
{{- define "lms.secretVolume" -}}
- name: secrets
  secret:
    secretName: {{ include "lms.secretName" .root }}
    defaultMode: 0440
    items:
      {{- range $key, $setting := .keys }}
      - { key: {{ $key }}, path: {{ $setting }} }
      {{- end }}
{{- end }}

{{/* Three endpoints, three questions. */}}
{{- define "lms.probes" -}}
startupProbe:
  httpGet: { path: /health/startup, port: internal }
  periodSeconds: 5
  timeoutSeconds: 3
  failureThreshold: 60
readinessProbe:
  httpGet: { path: /health/ready, port: internal }
  periodSeconds: 5
  timeoutSeconds: 3
  failureThreshold: 2
livenessProbe:
  httpGet: { path: /health/live, port: internal }
  periodSeconds: 10
  timeoutSeconds: 5
  failureThreshold: 3
{{- end }}

{{/* Restarts pods when what they are configured by changes. */}}
{{- define "lms.checksums" -}}
checksum/config: {{ include (print .Template.BasePath "/configmap.yaml") . | sha256sum }}
{{- end }}

{{/* Stops the render with a sentence when values contradict one another. */}}
{{- define "lms.check" -}}
{{- $v := .Values -}}
{{- if and (not $v.secrets.existingSecret) (not $v.bundled.enabled) -}}
{{- fail "secrets.existingSecret is empty: name a Secret with the connection strings, or set bundled.enabled to try the library out." -}}
{{- end -}}
{{- if and $v.secrets.existingSecret $v.bundled.enabled -}}
{{- fail "secrets.existingSecret and bundled.enabled contradict each other: the bundled servers come with a Secret of their own." -}}
{{- end -}}
{{- range $name, $service := $v.services -}}
{{- if and $service.strict (not $service.dedicated) -}}
{{- fail (printf "services.%s.strict needs services.%s.dedicated: a service without silos of its own would have none at all." $name $name) -}}
{{- end -}}
{{- if and $service.dedicated $service.autoscaling.enabled (gt (int $service.autoscaling.min) (int $service.autoscaling.max)) -}}
{{- fail (printf "services.%s.autoscaling: min is more than max." $name) -}}
{{- end -}}
{{- end -}}
{{- range $name := list "silo" "gateway" -}}
{{- $component := get $v $name -}}
{{- if and $component.autoscaling.enabled (gt (int $component.autoscaling.min) (int $component.autoscaling.max)) -}}
{{- fail (printf "%s.autoscaling: min is more than max." $name) -}}
{{- end -}}
{{- end -}}
{{- if and $v.gateway.ingress.enabled (not $v.gateway.ingress.host) -}}
{{- fail "gateway.ingress.enabled needs gateway.ingress.host." -}}
{{- end -}}
{{- if and $v.gateway.route.enabled (not $v.gateway.route.parentRefs) -}}
{{- fail "gateway.route.enabled needs gateway.route.parentRefs: a route belongs to a Gateway." -}}
{{- end -}}
{{- if and $v.gateway.journal.enabled $v.gateway.autoscaling.enabled -}}
{{- fail "gateway.journal.enabled and gateway.autoscaling.enabled contradict each other: returns that wait on the volume of a gateway that was scaled away would wait until it comes back." -}}
{{- end -}}
{{- range $name, $value := $v.config -}}
{{- if or (hasPrefix "ConnectionStrings__" $name) (hasSuffix "__MasterKey" $name) (hasSuffix "__Password" $name) -}}
{{- fail (printf "config.%s is a secret: it belongs into the Secret that secrets.existingSecret names." $name) -}}
{{- end -}}
{{- end -}}
{{- if le (int $v.gateway.terminationGracePeriodSeconds) (add (int $v.gateway.preStopSeconds) 40 | int) -}}
{{- fail "gateway.terminationGracePeriodSeconds must be more than gateway.preStopSeconds and the 40 seconds that a gateway may take to end." -}}
{{- end -}}
{{- if le (int $v.silo.terminationGracePeriodSeconds) 40 -}}
{{- fail "silo.terminationGracePeriodSeconds must be more than the 40 seconds that a silo may take to end." -}}
{{- end -}}
{{- end }}

{{/* Up at once, down one by one: each silo that leaves moves its grains. Takes min, max and cpu. */}}
{{- define "lms.scaling" -}}
minReplicas: {{ .min }}
maxReplicas: {{ .max }}
metrics:
  - type: Resource
    resource:
      name: cpu
      target: { type: Utilization, averageUtilization: {{ .cpu }} }
behavior:
  scaleUp:
    stabilizationWindowSeconds: 0
    policies:
      - { type: Percent, value: 100, periodSeconds: 30 }
  scaleDown:
    stabilizationWindowSeconds: 300
    policies:
      - { type: Pods, value: 1, periodSeconds: 120 }
{{- end }}

{{- define "lms.egressToDns" -}}
- ports:
    - { port: 53, protocol: UDP }
    - { port: 53, protocol: TCP }
{{- end }}

{{/* Rules of egress to PostgreSQL, to Redis where `redis` says so, and to whoever knows their addresses. */}}
{{- define "lms.egressToServers" -}}
{{- range $server := .redis | ternary (list "postgres" "redis") (list "postgres") }}
{{- $policy := get $.root.Values.networkPolicy $server }}
- ports:
    {{- range $policy.ports }}
    - { port: {{ . }} }
    {{- end }}
  {{- with $policy.peers }}
  to:
    {{- toYaml . | nindent 4 }}
  {{- end }}
{{ end }}
{{- include "lms.egressToDns" . }}
{{- end }}

{{/*
How many pods. With an autoscaler the number is its own: what runs now is repeated, because a number that disappears from a
manifest would become 1, and it is raised to the minimum at once. Takes root, name and pool (replicas, autoscaling).
*/}}
{{- define "lms.replicas" -}}
{{- if .pool.autoscaling.enabled }}
{{- with dig "spec" "replicas" 0 (lookup "apps/v1" "Deployment" .root.Release.Namespace .name) -}}
replicas: {{ max (int .) (int $.pool.autoscaling.min) }}
{{- end }}
{{- else -}}
replicas: {{ .pool.replicas }}
{{- end }}
{{- end }}
