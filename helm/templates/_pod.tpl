{{/* The bot's pod: (dict "top" $ "args" ARGS "serves" BOOL). One that does not serve leaves the bot's volume to the bot. */}}
{{- define "timonier.pod" -}}
{{- $top := .top }}
{{- $secret := required "existingSecret: name the Secret that holds SLACK_BOT_TOKEN and SLACK_APP_TOKEN, for example --set existingSecret=slack" $top.Values.existingSecret }}
{{- $http := eq $top.Values.mode "http" }}
{{- $volume := not $top.Values.database.existingSecret }}
serviceAccountName: timonier
automountServiceAccountToken: true
enableServiceLinks: false
terminationGracePeriodSeconds: 45 # work under way has 20 s, a socket that does not answer 10
{{- with $top.Values.imagePullSecrets }}
imagePullSecrets:
  {{- toYaml . | nindent 2 }}
{{- end }}
{{- with $top.Values.nodeSelector }}
nodeSelector:
  {{- toYaml . | nindent 2 }}
{{- end }}
{{- with $top.Values.tolerations }}
tolerations:
  {{- toYaml . | nindent 2 }}
{{- end }}
{{- with $top.Values.affinity }}
affinity:
  {{- toYaml . | nindent 2 }}
{{- end }}
{{- if gt (int $top.Values.replicas) 1 }}
topologySpreadConstraints:
  - maxSkew: 1
    topologyKey: kubernetes.io/hostname
    whenUnsatisfiable: ScheduleAnyway
    labelSelector:
      matchLabels:
        {{- include "timonier.selector" $top | nindent 8 }}
{{- end }}
securityContext:
  runAsNonRoot: true
  runAsUser: 10001
  runAsGroup: 10001
  fsGroup: 10001
  seccompProfile:
    type: RuntimeDefault
containers:
  - name: timonier
    image: {{ printf "%s:%s" $top.Values.image.repository ($top.Values.image.tag | default $top.Chart.AppVersion) }}
    imagePullPolicy: {{ $top.Values.image.pullPolicy }}
    args: {{ .args | toJson }}
    env:
      {{- range list "SLACK_BOT_TOKEN" ($http | ternary "SLACK_SIGNING_SECRET" "SLACK_APP_TOKEN") }}
      - name: {{ . }}
        valueFrom:
          secretKeyRef:
            name: {{ $secret }}
            key: {{ . }}
      {{- end }}
      {{- with $top.Values.slackApiUrl }}
      - name: SLACK_API_URL
        value: {{ . }}
      {{- end }}
      - name: TIMONIER_CONFIG
        value: /etc/timonier/config.yaml
      - name: DATABASE_URL
        {{- if $volume }}
        value: sqlite:////var/lib/timonier/timonier.db
        {{- else }}
        valueFrom:
          secretKeyRef:
            name: {{ $top.Values.database.existingSecret }}
            key: {{ $top.Values.database.key }}
        {{- end }}
      - name: TIMONIER_LOG
        value: {{ $top.Values.log }}
      {{- with $top.Values.proxy }}
      - name: HTTPS_PROXY
        value: {{ . }}
      {{- end }}
      {{- if $top.Values.caCertificates.configMap }}
      - name: SSL_CERT_FILE
        value: /etc/timonier-ca/{{ $top.Values.caCertificates.key }}
      {{- end }}
      - name: PORT
        value: "8080"
    {{- if .serves }}
    ports:
      - name: http
        containerPort: 8080
    startupProbe: # it waits for Slack and a database as long as they take to come
      httpGet:
        path: /livez
        port: http
      periodSeconds: 2
      failureThreshold: 150
    livenessProbe:
      httpGet:
        path: /livez
        port: http
      periodSeconds: 10
      timeoutSeconds: 3
      failureThreshold: 6
    readinessProbe:
      httpGet:
        path: /readyz
        port: http
      periodSeconds: 5
      timeoutSeconds: 3
    {{- end }}
    securityContext:
      allowPrivilegeEscalation: false
      readOnlyRootFilesystem: true
      capabilities:
        drop: [ALL]
    resources:
      {{- toYaml $top.Values.resources | nindent 6 }}
    volumeMounts:
      - name: config
        mountPath: /etc/timonier
        readOnly: true
      {{- if $volume }}
      - name: journal
        mountPath: /var/lib/timonier
      {{- end }}
      {{- if $top.Values.caCertificates.configMap }}
      - name: ca
        mountPath: /etc/timonier-ca
        readOnly: true
      {{- end }}
      - name: tmp
        mountPath: /tmp
volumes:
  - name: config
    configMap:
      name: timonier
  {{- if $volume }}
  - name: journal
    {{- if and .serves $top.Values.persistence.enabled }}
    persistentVolumeClaim:
      claimName: timonier
    {{- else }}
    emptyDir: {}
    {{- end }}
  {{- end }}
  {{- with $top.Values.caCertificates.configMap }}
  - name: ca
    configMap:
      name: {{ . }}
  {{- end }}
  - name: tmp
    emptyDir: {}
{{- end }}
