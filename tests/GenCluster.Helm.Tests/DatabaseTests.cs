using GenCluster.Helm.Tests.Support;
using k8s.Models;

namespace GenCluster.Helm.Tests;

/// <summary>Where the journal is, and who makes its schema.</summary>
public sealed class DatabaseTests
{
    private const string Coordinator = "lab-gencluster-coordinator", Migration = "lab-gencluster-migrate", Trial = "lab-gencluster-trial-database";

    [Fact]
    public async Task A_connection_string_comes_as_a_file_from_a_secret_with_what_lies_beside_it()
    {
        var manifests = await Chart.Cluster.RenderAsync("three-coordinators");

        var source = manifests.Pod(Coordinator).Volumes.Single(v => v.Name == "database").Projected.Sources.ShouldHaveSingleItem();
        (source.Secret.Name, source.Secret.Items).ShouldBe(("gencluster-database", null));
        manifests.Container(Coordinator).Args.ShouldContain("/etc/gencluster/database/connection");
        manifests.Container(Coordinator).Env.ShouldNotContain(e => e.Name == "GENCLUSTER_DATABASE");
    }

    [Fact]
    public async Task The_schema_is_made_before_an_install_or_upgrade()
    {
        var job = (await Chart.Cluster.RenderAsync("three-coordinators")).One<V1Job>(Migration);

        job.Metadata.Annotations["helm.sh/hook"].ShouldBe("pre-install,pre-upgrade");
        job.Spec.Template.Spec.RestartPolicy.ShouldBe("Never");
        (job.Spec.BackoffLimit, job.Spec.ActiveDeadlineSeconds).ShouldBe((3, 600));
        job.Spec.Template.Spec.Containers[0].Args[0].ShouldBe("migrate");
    }

    /// <summary>A hook runs before the objects of the release are there, so it may need none of them.</summary>
    [Fact]
    public async Task What_makes_the_schema_needs_nothing_of_the_release()
    {
        var manifests = await Chart.Cluster.RenderAsync("own-migration");

        var pod = manifests.Pod(Migration);
        pod.ServiceAccountName.ShouldBeNull();
        pod.Volumes.ShouldAllBe(v => v.ConfigMap == null);
        pod.Volumes.Single(v => v.Name == "database").Projected.Sources.Select(s => s.Secret.Name).Distinct().ShouldBe(["gencluster-owner"]);
        pod.Volumes.Single(v => v.Name == "database").Projected.Sources[1].Secret.Items.ShouldHaveSingleItem().Key.ShouldBe("owner");
        manifests.Pod(Coordinator).Volumes.Single(v => v.Name == "database").Projected.Sources[1].Secret.Items.ShouldHaveSingleItem().Key.ShouldBe("string");
    }

    [Fact]
    public async Task Coordinators_can_make_the_schema_themselves_under_a_role_of_its_own()
    {
        var manifests = await Chart.Cluster.RenderAsync("migration-in-coordinators");

        manifests.All<V1Job>().ShouldBeEmpty();
        var migrate = manifests.Pod(Coordinator).InitContainers.ShouldHaveSingleItem();
        migrate.Args.ShouldBe(["migrate", "--database-file", "/etc/gencluster/migration/connection"]);
        manifests.Container(Coordinator).VolumeMounts.ShouldNotContain(m => m.Name == "migration", "coordinators do not see the owner's password");
    }

    [Theory]
    [InlineData("migrated-by-hand")]
    [InlineData("defaults")]
    public async Task Nobody_makes_a_schema_that_is_there_or_is_a_file(string values)
    {
        var manifests = await Chart.Cluster.RenderAsync(values);

        manifests.All<V1Job>().ShouldBeEmpty();
        manifests.Pod(Coordinator).InitContainers.ShouldBeNull();
    }

    [Fact]
    public async Task The_trial_database_is_awaited_and_its_password_stands_in_no_manifest()
    {
        var manifests = await Chart.Cluster.RenderAsync("trial-database");

        manifests.One<V1StatefulSet>(Trial).Spec.VolumeClaimTemplates[0].Spec.StorageClassName.ShouldBe("fast");
        manifests.Pod(Coordinator).InitContainers.ShouldHaveSingleItem().Args.ShouldBe(["migrate"]);
        foreach (var container in (V1Container[])[manifests.Container(Coordinator), manifests.Pod(Coordinator).InitContainers[0]])
        {
            var names = container.Env.Select(e => e.Name).ToList();
            container.Env.Single(e => e.Name == "GENCLUSTER_DATABASE").Value.ShouldBe($"Host={Trial};Port=5432;Database=gencluster;Username=gencluster;Password=$(TRIAL_DATABASE_PASSWORD)");
            container.Env.Single(e => e.Name == "TRIAL_DATABASE_PASSWORD").ValueFrom.SecretKeyRef.Key.ShouldBe("password");
            names.IndexOf("TRIAL_DATABASE_PASSWORD").ShouldBeLessThan(names.IndexOf("GENCLUSTER_DATABASE"), "the kubelet fills in only what stands before");
        }
    }
}
