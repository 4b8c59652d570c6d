{{/* What every container of a service shares: identity, rights and settings of the process. */}}

{{- define "service-lib.podSecurityContext" -}}
runAsNonRoot: true
runAsUser: 10001
runAsGroup: 10001
fsGroup: 10001
seccompProfile:
  type: RuntimeDefault
{{- end }}

{{- define "service-lib.containerSecurityContext" -}}
allowPrivilegeEscalation: false
readOnlyRootFilesystem: true
capabilities:
  drop: ["ALL"]
{{- end }}

{{/* Settings without the owner's database address: only the migration may have that one. */}}
{{- define "service-lib.env" -}}
{{- $prefix := include "service-lib.envPrefix" . -}}
- name: {{ $prefix }}_ENVIRONMENT
  value: {{ .Values.environment | quote }}
- name: {{ $prefix }}_REST_BIND
  value: "tcp://0.0.0.0:8080"
- name: {{ $prefix }}_GRPC_BIND
  value: "tcp://0.0.0.0:9090"
- name: {{ $prefix }}_PROBE_BIND
  value: "tcp://0.0.0.0:8081"
- name: {{ $prefix }}_DRAIN_SECONDS
  value: {{ .Values.lifecycle.drainSeconds | quote }}
- name: {{ $prefix }}_GRACE_SECONDS
  value: {{ .Values.lifecycle.graceSeconds | quote }}
- name: {{ $prefix }}_LOG_LEVEL
  value: {{ .Values.logLevel | quote }}
- name: {{ $prefix }}_DATABASE_POOL_SIZE
  value: {{ .Values.database.poolSize | quote }}
- name: {{ $prefix }}_DATABASE_APP_URL
  valueFrom:
    secretKeyRef: {name: {{ .Values.database.appSecret | quote }}, key: url}
- name: {{ $prefix }}_DATABASE_WORKER_URL
  valueFrom:
    secretKeyRef: {name: {{ .Values.database.workerSecret | quote }}, key: url}
- name: {{ $prefix }}_NATS_URL
  value: {{ .Values.nats.url | quote }}
- name: {{ $prefix }}_NATS_USER
  value: {{ include "service-lib.service" . | quote }}
- name: {{ $prefix }}_NATS_PASSWORD
  valueFrom:
    secretKeyRef: {name: {{ .Values.nats.secret | quote }}, key: password}
- name: {{ $prefix }}_AUTH_ISSUER
  value: {{ .Values.auth.issuer | quote }}
- name: {{ $prefix }}_AUTH_JWKS_URL
  value: {{ .Values.auth.jwksUrl | quote }}
- name: {{ $prefix }}_AUTH_TOKEN_URL
  value: {{ .Values.auth.tokenUrl | quote }}
- name: {{ $prefix }}_AUTH_AUDIENCE
  value: {{ .Values.auth.audience | quote }}
- name: {{ $prefix }}_AUTH_CLIENT_ID
  value: {{ printf "svc:%s" (include "service-lib.service" .) | quote }}
- name: {{ $prefix }}_AUTH_CLIENT_SECRET
  valueFrom:
    secretKeyRef: {name: {{ .Values.auth.secret | quote }}, key: client-secret}
{{- if .Values.telemetry.otlpEndpoint }}
- name: {{ $prefix }}_OTLP_ENDPOINT
  value: {{ .Values.telemetry.otlpEndpoint | quote }}
{{- end }}
{{- range .Values.callees }}
- name: {{ $prefix }}_{{ . | upper }}_TARGET
  value: {{ printf "dns:///%s-%s-grpc:9090" $.Release.Name . | quote }}
{{- end }}
{{- range .Values.extraEnv }}
- {{ toYaml . | nindent 2 | trim }}
{{- end }}
{{- end }}

{{/* Termination takes the drain delay, the grace and ten seconds for the rest; same values as the process gets. */}}
{{- define "service-lib.terminationGracePeriodSeconds" -}}
{{- add (int .Values.lifecycle.drainSeconds) (int .Values.lifecycle.graceSeconds) 10 -}}
{{- end }}

{{/* Writable folders: everything else is read-only. */}}
{{- define "service-lib.volumeMounts" -}}
- name: tmp
  mountPath: /tmp
{{- if .Values.files.enabled }}
- name: files
  mountPath: {{ .Values.files.mountPath | quote }}
{{- end }}
{{- end }}

{{- define "service-lib.volumes" -}}
- name: tmp
  emptyDir:
    sizeLimit: {{ .Values.tmpSizeLimit | quote }}
{{- if .Values.files.enabled }}
- name: files
  persistentVolumeClaim:
    claimName: {{ .Values.files.claimName | quote }}
{{- end }}
{{- end }}

{{/* Liveness asks only whether the loop turns; readiness may fail and come back. */}}
{{- define "service-lib.probes" -}}
startupProbe:
  httpGet: {path: /livez, port: probes}
  periodSeconds: 1
  failureThreshold: 30
livenessProbe:
  httpGet: {path: /livez, port: probes}
  periodSeconds: 10
  failureThreshold: 3
readinessProbe:
  httpGet: {path: /readyz, port: probes}
  periodSeconds: 5
  failureThreshold: 2
{{- end }}
