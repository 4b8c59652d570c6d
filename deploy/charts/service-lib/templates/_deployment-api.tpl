{{/* REST and gRPC in one event loop. Its readiness does not depend on NATS: the outbox takes events meanwhile. */}}
{{- define "service-lib.deployment-api" -}}
{{- if .Values.enabled }}
{{- $ctx := dict "root" . "component" "api" }}
apiVersion: apps/v1
kind: Deployment
metadata:
  name: {{ include "service-lib.fullname" . }}-api
  labels: {{- include "service-lib.labels" $ctx | nindent 4 }}
spec:
  {{- if not .Values.api.autoscaling.enabled }}
  replicas: {{ .Values.api.replicas }}
  {{- end }}
  strategy:
    type: RollingUpdate
    rollingUpdate: {maxUnavailable: 0, maxSurge: 1}
  selector:
    matchLabels: {{- include "service-lib.selectorLabels" $ctx | nindent 6 }}
  template:
    metadata:
      labels: {{- include "service-lib.labels" $ctx | nindent 8 }}
    spec:
      serviceAccountName: {{ include "service-lib.fullname" . }}
      automountServiceAccountToken: false
      terminationGracePeriodSeconds: {{ include "service-lib.terminationGracePeriodSeconds" . }}
      securityContext: {{- include "service-lib.podSecurityContext" . | nindent 8 }}
      {{- with .Values.global.imagePullSecrets }}
      imagePullSecrets: {{- toYaml . | nindent 8 }}
      {{- end }}
      topologySpreadConstraints:
        - maxSkew: 1
          topologyKey: kubernetes.io/hostname
          whenUnsatisfiable: ScheduleAnyway
          labelSelector:
            matchLabels: {{- include "service-lib.selectorLabels" $ctx | nindent 14 }}
      containers:
        - name: api
          image: {{ include "service-lib.image" . | quote }}
          imagePullPolicy: {{ .Values.image.pullPolicy }}
          args: ["serve"]
          ports:
            - {name: rest, containerPort: 8080}
            - {name: grpc, containerPort: 9090}
            - {name: probes, containerPort: 8081}
          env: {{- include "service-lib.env" . | nindent 12 }}
          {{- include "service-lib.probes" . | nindent 10 }}
          resources: {{- toYaml .Values.api.resources | nindent 12 }}
          securityContext: {{- include "service-lib.containerSecurityContext" . | nindent 12 }}
          volumeMounts: {{- include "service-lib.volumeMounts" . | nindent 12 }}
      volumes: {{- include "service-lib.volumes" . | nindent 8 }}
{{- end }}
{{- end }}
