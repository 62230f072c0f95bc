using System.Runtime.Serialization;
using Akka.Actor;
using Akka.Configuration;
using Akka.Serialization;

namespace GenCluster.Actors.Serialization;

/// <summary>
/// Stands where Akka's JSON serializer is by default, under its id. That one builds any type that a message names, and
/// an incoming message chooses its serializer by id, so it is not enough to bind nothing to it: its place must be taken.
/// </summary>
public sealed class ForbiddenSerializer : Serializer
{
    /// <param name="settings">Akka's settings for the serializer that stood here; of no use.</param>
    public ForbiddenSerializer(ExtendedActorSystem system, Config settings)
        : base(system)
    {
    }

    public override int Identifier => 1; // of Newtonsoft JSON in Akka.NET

    public override bool IncludeManifest => true;

    public override byte[] ToBinary(object obj) =>
        throw new SerializationException($"{obj.GetType()} is not made to leave the process: it has no MessagePack contract");

    public override object FromBinary(byte[] bytes, Type type)
    {
        RefusedMessages.Count();
        throw new SerializationException("a message in Akka's JSON format was refused: only contracts of GenCluster are read");
    }
}
