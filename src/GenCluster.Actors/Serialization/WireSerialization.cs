using Akka.Configuration;
using Akka.Hosting;

namespace GenCluster.Actors.Serialization;

/// <summary>How serializers are set up, the same for coordinators, workers and tests.</summary>
public static class WireSerialization
{
    /// <summary>The settings that bind our serializer and put the forbidden one in JSON's place.</summary>
    public static Config Config { get; } = ConfigurationFactory.ParseString($$"""
        akka.actor {
          serializers {
            json = "{{NameOf(typeof(ForbiddenSerializer))}}"
            gencluster = "{{NameOf(typeof(MessagePackWireSerializer))}}"
          }
          serialization-identifiers {
            "{{NameOf(typeof(ForbiddenSerializer))}}" = 1
            "{{NameOf(typeof(MessagePackWireSerializer))}}" = {{MessagePackWireSerializer.Id}}
          }
          serialization-bindings {
            {{string.Join("\n    ", Manifests.Markers.Select(m => $"\"{NameOf(m)}\" = gencluster"))}}
          }
        }
        """);

    public static AkkaConfigurationBuilder WithGenClusterSerialization(this AkkaConfigurationBuilder builder) =>
        builder.AddHocon(Config, HoconAddMode.Prepend);

    private static string NameOf(Type type) => $"{type.FullName}, {type.Assembly.GetName().Name}";
}
