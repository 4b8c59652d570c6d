{{/* One pod may be away at a time; with a single replica a budget would only block node drains. */}}
{{- define "service-lib.pdb" -}}
{{- $replicas := .Values.api.replicas }}
{{- if .Values.api.autoscaling.enabled }}{{ $replicas = .Values.api.autoscaling.minReplicas }}{{ end }}
{{- if and .Values.enabled (gt (int $replicas) 1) }}
{{- $ctx := dict "root" . "component" "api" }}
apiVersion: policy/v1
kind: PodDisruptionBudget
metadata:
  name: {{ include "service-lib.fullname" . }}-api
  labels: {{- include "service-lib.labels" $ctx | nindent 4 }}
spec:
  maxUnavailable: 1
  selector:
    matchLabels: {{- include "service-lib.selectorLabels" $ctx | nindent 6 }}
{{- end }}
{{- end }}
