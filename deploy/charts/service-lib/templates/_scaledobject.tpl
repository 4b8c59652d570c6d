{{/* KEDA scales the worker by what waits on its durables. */}}
{{- define "service-lib.scaledobject" -}}
{{- if and .Values.enabled .Values.worker.autoscaling.enabled }}
{{- $ctx := dict "root" . "component" "worker" }}
apiVersion: keda.sh/v1alpha1
kind: ScaledObject
metadata:
  name: {{ include "service-lib.fullname" . }}-worker
  labels: {{- include "service-lib.labels" $ctx | nindent 4 }}
spec:
  scaleTargetRef:
    name: {{ include "service-lib.fullname" . }}-worker
  minReplicaCount: {{ .Values.worker.autoscaling.minReplicas }}
  maxReplicaCount: {{ .Values.worker.autoscaling.maxReplicas }}
  triggers:
    {{- range .Values.worker.durables }}
    - type: nats-jetstream
      metadata:
        natsServerMonitoringEndpoint: {{ $.Values.nats.monitoringEndpoint | quote }}
        account: {{ $.Values.nats.account | quote }}
        stream: {{ .stream | quote }}
        consumer: {{ .durable | quote }}
        lagThreshold: {{ $.Values.worker.autoscaling.lagThreshold | quote }}
    {{- end }}
{{- end }}
{{- end }}
