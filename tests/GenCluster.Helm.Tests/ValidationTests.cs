using GenCluster.Helm.Tests.Support;

namespace GenCluster.Helm.Tests;

/// <summary>Values that are each right and do not go together are refused with a sentence that says what to do.</summary>
public sealed class ValidationTests
{
    [Theory]
    [InlineData("coordinator.replicas is 3 and database.type is sqlite, which is for one node alone", "coordinator.replicas=3")]
    [InlineData("database.type is postgresql and database.existingSecret is empty", "database.type=\"postgresql\"")]
    [InlineData("database.type is trial and database.trial.existingSecret is empty", "database.type=\"trial\"")]
    [InlineData("migration.mode is job and database.type is trial", "database.type=\"trial\"", "database.trial.existingSecret=\"a\"", "migration.mode=\"job\"")]
    [InlineData("migration.existingSecret goes with database.type postgresql", "migration.existingSecret=\"a\"")]
    [InlineData("auth.mode is tokens and auth.tokens.existingSecret is empty", "auth.mode=\"tokens\"")]
    [InlineData("auth.mode is oidc and auth.oidc.authority is empty", "auth.mode=\"oidc\"")]
    [InlineData("auth.mode is oidc and auth.roles are empty", "auth.mode=\"oidc\"", "auth.oidc.authority=\"https://id.example.org\"")]
    [InlineData("ingress.enabled is true and auth.mode is none", "auth.mode=\"none\"", "ingress={\"enabled\":true,\"host\":\"a.example.org\"}")]
    [InlineData("coordinator.service.type is NodePort and auth.mode is none", "auth.mode=\"none\"", "coordinator.service.type=\"NodePort\"")]
    [InlineData("coordinator.httpsExistingSecret is set and auth.mode is none", "auth.mode=\"none\"", "coordinator.httpsExistingSecret=\"a\"")]
    [InlineData("ingress.enabled is true and ingress.host is empty", "ingress.enabled=true")]
    [InlineData("tls.enabled is true and nothing says where certificates come from", "tls.enabled=true")]
    [InlineData("tls.existingSecret and tls.certManager.issuer do not go together", "tls={\"existingSecret\":\"a\",\"certManager\":{\"issuer\":\"b\"}}")]
    [InlineData("this cluster has no cert-manager.io/v1", "tls={\"enabled\":true,\"certManager\":{\"issuer\":\"b\"}}")]
    [InlineData("worker.autoscaling.serverAddress is empty", "worker.autoscaling.type=\"keda\"")]
    [InlineData("this cluster has no keda.sh/v1alpha1", "worker.autoscaling={\"type\":\"keda\",\"serverAddress\":\"http://prometheus\"}")]
    [InlineData("worker.autoscaling.minReplicas is 0 and worker.autoscaling.type is hpa", "worker.autoscaling.type=\"hpa\"")]
    [InlineData("worker.autoscaling.minReplicas (9) is above worker.autoscaling.maxReplicas (8)", "worker.autoscaling={\"type\":\"hpa\",\"minReplicas\":9}")]
    [InlineData("worker.kueue.queueName and worker.volcano.queueName do not go together", "worker.kueue.queueName=\"a\"", "worker.volcano.queueName=\"b\"")]
    [InlineData("worker.kueue.queueName with worker.kind StatefulSet does not scale", "worker={\"kind\":\"StatefulSet\",\"kueue\":{\"queueName\":\"a\"},\"autoscaling\":{\"type\":\"hpa\",\"minReplicas\":1}}")]
    [InlineData("worker.checkpoints is a folder, and nothing is mounted that all workers share", "worker.checkpoints=\"file:///mnt/checkpoints\"")]
    [InlineData("worker.checkpointsExistingSecret is for worker.checkpoints in a bucket", "worker.checkpointsExistingSecret=\"a\"")]
    [InlineData("worker.terminationGracePeriodSeconds is 30: a worker needs more than 30", "worker.terminationGracePeriodSeconds=30")]
    [InlineData("coordinator.port, coordinator.httpPort and metrics.port must differ, and are 4053, 9464 and 9464", "coordinator.httpPort=9464")]
    [InlineData("worker.port, worker.dataPort and metrics.port must differ, and are 4055, 4055 and 9464", "worker.port=4055")]
    public async Task Values_that_do_not_go_together_are_refused(string why, params string[] settings) =>
        (await Chart.Cluster.RefusalAsync(settings)).ShouldContain(why);

    [Fact]
    public async Task All_mistakes_are_told_at_once()
    {
        string refusal = await Chart.Cluster.RefusalAsync("coordinator.replicas=3", "tls.enabled=true", "ingress.enabled=true");

        refusal.Split("\n- ").Length.ShouldBe(4);
    }

    [Theory]
    [InlineData("server is empty", "sweep=\"name: a\"")]
    [InlineData("there is no sweep file", "server=\"http://a\"")]
    [InlineData("sweep and existingConfigMap do not go together", "server=\"http://a\"", "sweep=\"name: a\"", "existingConfigMap=\"b\"")]
    [InlineData("sweep is no YAML", "server=\"http://a\"", "sweep=\"a: [\"")]
    [InlineData("the sweep has no name", "server=\"http://a\"", "sweep=\"method: random\"")]
    [InlineData("sweepName is 'b' and the file's name is 'a'", "server=\"http://a\"", "sweep=\"name: a\"", "sweepName=\"b\"")]
    [InlineData("existingConfigMap is set and sweepName is empty", "server=\"http://a\"", "existingConfigMap=\"b\"")]
    [InlineData("auth.mode is token and auth.existingSecret is empty", "server=\"http://a\"", "sweep=\"name: a\"", "auth.mode=\"token\"")]
    public async Task A_sweep_that_cannot_be_is_refused(string why, params string[] settings) => (await Chart.Sweep.RefusalAsync(settings)).ShouldContain(why);
}
