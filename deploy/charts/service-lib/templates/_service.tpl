{{/* An ordinary Service for REST, and a headless one for gRPC so that callers balance round-robin themselves. */}}
{{- define "service-lib.service-rest" -}}
{{- if .Values.enabled }}
{{- $ctx := dict "root" . "component" "api" }}
apiVersion: v1
kind: Service
metadata:
  name: {{ include "service-lib.fullname" . }}-rest
  labels: {{- include "service-lib.labels" $ctx | nindent 4 }}
spec:
  selector: {{- include "service-lib.selectorLabels" $ctx | nindent 4 }}
  ports:
    - {name: rest, port: 8080, targetPort: rest, appProtocol: http}
    - {name: probes, port: 8081, targetPort: probes}
{{- end }}
{{- end }}

{{- define "service-lib.service-grpc" -}}
{{- if .Values.enabled }}
{{- $ctx := dict "root" . "component" "api" }}
apiVersion: v1
kind: Service
metadata:
  name: {{ include "service-lib.fullname" . }}-grpc
  labels: {{- include "service-lib.labels" $ctx | nindent 4 }}
spec:
  clusterIP: None
  selector: {{- include "service-lib.selectorLabels" $ctx | nindent 4 }}
  ports:
    - {name: grpc, port: 9090, targetPort: grpc, appProtocol: kubernetes.io/h2c}
{{- end }}
{{- end }}
