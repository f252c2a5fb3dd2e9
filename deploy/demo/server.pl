# The demo service: a small HTTP server that needs nothing but Debian's own perl. It answers every request with its name, its process
# id and how often it was told to reload (SIGUSR1), which is what a person in a workspace wants to see move.
use strict;
use warnings;
use IO::Socket::INET;

my $port = $ENV{PORT} // 8080;
my $name = $ENV{HOSTNAME} // 'demo';
my $reloads = 0;
$SIG{USR1} = sub { $reloads++ };
$SIG{TERM} = sub { exit 0 };
$SIG{PIPE} = 'IGNORE';

my $listener = IO::Socket::INET->new(LocalPort => $port, Listen => 128, ReuseAddr => 1) or die "cannot listen on $port: $@\n";
$| = 1;
print "demo listens on $port as uid $<\n";
while (1) {
    my $client = $listener->accept or next;    # a signal ends the wait
    $client->timeout(5);
    eval {
        local $SIG{ALRM} = sub { die "slow\n" };
        alarm 5;
        while (defined(my $line = <$client>)) { last if $line =~ /^\r?\n$/ }
        my $body = "demo $name, process $$, reloaded $reloads times\n";
        print $client "HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nConnection: close\r\nContent-Length: " . length($body) . "\r\n\r\n$body";
        alarm 0;
    };
    alarm 0;
    close $client;
}
